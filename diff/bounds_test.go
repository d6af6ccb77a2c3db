package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestRoom: what there is no room for is counted, one for each exchange, and said.
func TestRoom(t *testing.T) {
	text := recorded(t, "docker-28.har")
	all := session(t, "all", text)
	s := NewSink("some", 20<<10, 64<<10)
	if _, err := har.Read(bytes.NewReader(text), tracetest.Booked(func(ev wire.Event) { s.Event(ev, nil) })); err != nil {
		t.Fatal(err)
	}
	some := s.Session()
	if len(some.Exchanges) == 0 || some.Left == 0 || len(some.Exchanges)+int(some.Left) != len(all.Exchanges) {
		t.Errorf("%d are kept and %d are not, of %d", len(some.Exchanges), some.Left, len(all.Exchanges))
	}
	r := Compare(some, all, Options{})
	if want := fmt.Sprintf("not compared, for want of memory: %d exchanges", some.Left); r.Incomplete() != want || !strings.Contains(string(HTML(r)), want) {
		t.Errorf("%q, want %q", r.Incomplete(), want)
	}
}

// TestLongLogs compares builds whose output comes in as many pieces as there may be.
func TestLongLogs(t *testing.T) {
	const n = 20_000
	build := func(last string) *Session {
		s := madeUp("s", "POST /v1.41/build?version=2")
		docs := make([][]byte, n)
		for i := range docs {
			docs[i] = []byte(`{"logs":[{"vertex":"sha256:1","msg":"compiled another of many files, and all is well\n"}]}`)
		}
		end, _ := json.Marshal(last)
		s.Exchanges[0].Documents[wire.ToClient] = append(docs, []byte(`{"logs":[{"vertex":"sha256:1","msg":`+string(end)+`}]}`))
		return s
	}
	if got := listing(Compare(build("done\n"), build("lost\n"), Options{})); !strings.Contains(got, "-  done +  lost") {
		t.Errorf("told is\n%s", got)
	}
}
