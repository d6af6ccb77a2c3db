package jsonl

import (
	"encoding/json"
	"math"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// storyNote is what close tells of the connections of a client. Of a story that is none
// nothing is read.
type storyNote struct {
	Name     string  `json:"name"`
	Requests int     `json:"requests"`
	Calls    int     `json:"calls"`
	Conns    int     `json:"connections"`
	Took     float64 `json:"took_ms"`
	Waited   float64 `json:"waited_ms"`
	For      string  `json:"for"`
}

// UnmarshalJSON reads what can be read.
func (n *storyNote) UnmarshalJSON(b []byte) error {
	type plain storyNote
	var p plain
	if json.Unmarshal(b, &p) == nil {
		*n = storyNote(p)
	}
	return nil
}

// maxStory bounds the texts of a story, in bytes.
const maxStory = 256

// story returns what the note tells; nil if that is nothing.
func (n *storyNote) story() *wire.Story {
	if n.Name == "" || len(n.Name) > maxStory || len(n.For) > maxStory || n.Requests <= 0 || n.Conns <= 0 || n.Calls < 0 {
		return nil
	}
	return &wire.Story{
		Name: n.Name, Requests: n.Requests, Calls: n.Calls, Conns: n.Conns,
		Took: milliseconds(n.Took), Waited: milliseconds(n.Waited), For: n.For,
	}
}

// milliseconds returns a time that is told so; 0 if it is none.
func milliseconds(n float64) time.Duration {
	const most = 1 << 40 // years
	if !(n >= 0 && n < most) {
		return 0
	}
	return time.Duration(math.Round(n * float64(time.Millisecond)))
}
