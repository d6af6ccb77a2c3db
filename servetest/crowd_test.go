package servetest_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/servetest"
)

// numberedHAR returns a recording with one answer, which says a number.
func numberedHAR(n int) string {
	return fmt.Sprintf(`{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":1,
"request":{"method":"POST","url":"http://d/containers/create","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
"response":{"status":201,"statusText":"Created","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Type","value":"application/json"}],"cookies":[],"content":{"size":-1,"mimeType":"application/json","text":"{\"Id\":\"%d\"}"},"redirectURL":"","headersSize":-1,"bodySize":-1},
"cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}`, n)
}

// TestCrowd: of many daemons at once, each with a client that asks for the same as all others, each answers as in
// its own recording.
func TestCrowd(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 20
	}
	dir := t.TempDir()
	var all, ready sync.WaitGroup
	ready.Add(n)
	for i := range n {
		all.Go(func() {
			f := new(fake)
			f.run(func() {
				started := sync.OnceFunc(func() { ready.Done(); ready.Wait() })
				defer started()
				file := filepath.Join(dir, fmt.Sprintf("%d.har", i))
				if err := os.WriteFile(file, []byte(numberedHAR(i)), 0o600); err != nil {
					f.Fatalf("%v", err)
				}
				d := servetest.Start(f, file)
				started()
				answer, err := clientOf(d).Post("http://docker/v1.41/containers/create", "", nil)
				if err != nil {
					f.Fatalf("create: %v", err)
				}
				defer answer.Body.Close()
				text, err := io.ReadAll(answer.Body)
				if want := fmt.Sprintf(`{"Id":"%d"}`, i); string(text) != want || err != nil {
					f.Errorf("got %s, %v, want %s", text, err, want)
				}
			})
			for _, said := range f.said {
				t.Errorf("daemon %d: %s", i, said)
			}
		})
	}
	all.Wait()
}
