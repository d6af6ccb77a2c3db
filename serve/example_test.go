package serve_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/socktrace/socktrace/serve"
)

// A Server is an http.Handler too: here without a socket. What it says was recorded with
// socktrace run --har.
func Example() {
	script, err := serve.Read(context.Background(), []string{"../servetest/testdata/session.har"}, serve.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	daemon := serve.New(script, serve.Options{Speed: serve.Max})
	defer daemon.Close()
	for _, target := range []string{"/_ping", "/v1.41/images/json"} {
		answer := httptest.NewRecorder()
		daemon.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, target, nil))
		text, _ := io.ReadAll(answer.Body)
		fmt.Println(answer.Code, string(text))
	}
	report := daemon.Report()
	fmt.Println(script.Exchanges(), "exchanges,", report.Answered, "answered,", report.Missed, "missed")
	// Output:
	// 200 OK
	// 501 {"message":"socktrace serve: GET /v1.41/images/json: not recorded: there is no ImageList"}
	//
	// 5 exchanges, 1 answered, 1 missed
}
