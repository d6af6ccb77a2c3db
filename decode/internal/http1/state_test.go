package http1

import (
	"strings"
	"testing"
)

// TestStates has a way from each state on each event that can happen there, and says
// what cannot.
func TestStates(t *testing.T) {
	ways := map[string]string{
		"start":      "bodySized sized, bodyClose untilClose, bodyChunked chunkSize, messageEnds start, proposed held, upgraded stream, framingLost resync, silenced opaque",
		"sized":      "messageEnds start, endsEarly start, proposed held, upgraded stream, framingLost resync, silenced opaque",
		"untilClose": "messageEnds start, endsEarly start, upgraded stream, framingLost resync, silenced opaque",
		"chunkSize":  "chunkBegins chunkData, chunkIsLast trailer, endsEarly start, upgraded stream, framingLost resync, silenced opaque",
		"chunkData":  "chunkComplete chunkEnd, endsEarly start, upgraded stream, framingLost resync, silenced opaque",
		"chunkEnd":   "chunkEnds chunkSize, upgraded stream, framingLost resync, silenced opaque",
		"trailer":    "messageEnds start, proposed held, upgraded stream, framingLost resync, silenced opaque",
		"held":       "answered start, upgraded stream, framingLost resync, silenced opaque",
		"stream":     "upgraded stream, streamEnds opaque, framingLost stream, silenced opaque",
		"resync":     "upgraded stream, framingLost resync, startFound start, silenced opaque",
		"opaque":     "upgraded stream, framingLost opaque, silenced opaque",
	}
	for from := range states {
		var got []string
		for e := range events {
			s := side{state: from}
			func() {
				defer func() {
					if r := recover(); r != nil && r != "http1: no way from state "+from.String()+" on event "+e.String() {
						t.Errorf("%v, %v: %v", from, e, r)
					} else if r == nil {
						got = append(got, e.String()+" "+s.state.String())
					}
				}()
				s.on(e)
			}()
		}
		if told := strings.Join(got, ", "); told != ways[from.String()] {
			t.Errorf("%v: %s", from, told)
		}
	}
	if states.String() != "?" || events.String() != "?" || (states+1).String() != "?" {
		t.Errorf("beyond the last: %v, %v", states, events)
	}
}
