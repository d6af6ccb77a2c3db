package serve

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// isPing and isResize tell requests that are answered in any case.
func isPing(op string) bool { return dockerapi.IsPing(op) }

func isResize(op string) bool { return op == "ContainerResize" || op == "ExecResize" }

// isTelemetry tells the calls by which clients report what they have done themselves: none is as the
// other, and how many there are is chance.
func isTelemetry(op string) bool { return strings.HasSuffix(op, "Service/Export") }

// isAlways tells all of those.
func isAlways(op string) bool { return isPing(op) || isResize(op) || isTelemetry(op) }

// pong is what a daemon answers to a ping.
const pong = "OK"

// ostype returns the system of the daemon, as its answers name it; empty if none does.
func (s *Script) ostype() string {
	for _, e := range s.exchanges {
		if v := wire.FieldValue(e.answer.fields, "Ostype"); v != "" {
			return strings.ToLower(v)
		}
	}
	return ""
}
