package explain

import (
	"github.com/socktrace/socktrace/dockerapi"
)

// Asked is a version of the API that a client asks for, and what is known of that.
type Asked struct {
	Version string // "1.41"; empty if it names none
	Program dockerapi.Program
	Offered bool   // the daemon had told it before that this is its newest
	Newest  string // of the daemon, if it has told that at all
	Failed  bool   // all requests for it were refused, for being too old or too new
}

// version returns that which is asked for; false if it is none of Docker's.
func (a Asked) version() (dockerapi.Version, bool) { return dockerapi.ParseVersion(a.Version) }

// newer reports whether the daemon has a newer version than v.
func (a Asked) newer(v dockerapi.Version) bool {
	n, ok := dockerapi.ParseVersion(a.Newest)
	return ok && n.Compare(v) > 0
}

// Adapts reports whether the client asks daemons for their version, and goes by that.
func (a Asked) Adapts() bool {
	v, ok := a.version()
	return ok && (a.Offered || a.Program.Most == v && a.newer(v))
}

// Says says which engines answer the client, behind the name of what asks: "asks 1.41: works
// with engines 20.10 to 28". It is empty if nothing is known of that.
func (a Asked) Says() string {
	if a.Version == "" {
		return "names no version: works with all engines, each has its own"
	}
	v, ok := a.version()
	if !ok {
		return ""
	}
	most, asks := a.Program.Most, "asks "+v.String()
	known := most != dockerapi.Version{}
	switch {
	case a.Offered && a.Program.Any:
		return asks + ", as the daemon offers: adapts to each engine, works with all"
	case a.Offered && known && most.Compare(v) > 0:
		return asks + ", as the daemon offers: adapts to each engine, with " + most.String() + " at most; " + upTo(most)
	case a.Adapts() && known:
		return asks + ", its newest: adapts to older engines; " + upTo(most)
	case a.Offered:
		return asks + ", as the daemon offers: seems to adapt; if it has no other, " + Engines(a.Version)
	case known && most.Compare(v) > 0 && a.newer(v):
		return asks + ", though it has " + most.String() + " and the daemon " + a.Newest + ", as with DOCKER_API_VERSION: " + Engines(a.Version)
	}
	return asks + ": " + Engines(a.Version)
}

// upTo says which engines answer a client that adapts, with a version at most.
func upTo(most dockerapi.Version) string {
	var old []dockerapi.Span
	var want []string
	first := false // the engines known begin with the one that wants a later version
	for i, s := range dockerapi.Spans(most) {
		if s.Refusal == dockerapi.TooOld {
			first = first || i == 0
			old = append(old, s)
			want = append(want, wants(s, i == 0, len(want) == 0))
		}
	}
	switch len(old) {
	case 0:
		return "works with all"
	case 1:
		return "works with all but " + series(old[0], first) + ", which want " + old[0].From.Min.String() + " or later"
	}
	return "does not work with all: " + join(want)
}
