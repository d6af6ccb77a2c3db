package jsonl

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestStory: stories are read, and what is none is nothing.
func TestStory(t *testing.T) {
	want := wire.Story{Name: "docker run", Requests: 5, Calls: 1, Conns: 3, Took: 3857839 * time.Nanosecond, Waited: time.Millisecond, For: "for the container"}
	for doc, known := range map[string]bool{
		`{"text":"…","name":"docker run","requests":5,"calls":1,"connections":3,"took_ms":3.857839,"waited_ms":1,"for":"for the container"}`: true,
		`{}`:     false,
		`null`:   false,
		`"text"`: false,
		`{"name":"docker run","requests":"5","connections":3}`:                                        false,
		`{"name":"docker run","requests":0,"connections":3}`:                                          false,
		`{"name":"docker run","requests":-1,"connections":3}`:                                         false,
		`{"name":"` + strings.Repeat("n", maxStory+1) + `","requests":5,"connections":3}`:             false,
		`{"name":"docker run","requests":1e99,"connections":3,"took_ms":1}`:                           false,
		`{"requests":5,"connections":3,"took_ms":1e300}`:                                              false,
		`{"name":"","requests":5,"connections":3,"took_ms":-1,"waited_ms":1e300,"for":"\u001b[2J x"}`: false,
	} {
		var n storyNote
		if err := json.Unmarshal([]byte(doc), &n); err != nil {
			t.Errorf("%s: %v", doc, err)
		}
		got := n.story()
		if known != (got != nil) || known && *got != want {
			t.Errorf("%s: got %+v", doc, got)
		}
	}
	for ms, want := range map[float64]time.Duration{-1: 0, 1e300: 0, 0.5: 500 * time.Microsecond} {
		if got := milliseconds(ms); got != want {
			t.Errorf("%g: got %v", ms, got)
		}
	}
}
