package dockerapi

import (
	"fmt"
	"strings"
)

// Engine is a series of releases of Docker Engine: those that differ in the third part
// of their number only. All of a series speak the same versions of the API.
type Engine struct {
	Series   string  // "20.10", "29.1"
	Min, Max Version // of the API, as the daemon is if nobody configures it
}

// engines are the series that are known, the oldest first. What is theirs is told in the
// documentation of the engine (its matrix of API versions), and in moby's sources:
// api/common.go, daemon/config/config.go.
var engines = []Engine{
	{"18.09", Version{1, 12}, Version{1, 39}},
	{"19.03", Version{1, 12}, Version{1, 40}},
	{"20.10", Version{1, 12}, Version{1, 41}},
	{"23.0", Version{1, 12}, Version{1, 42}},
	{"24.0", Version{1, 12}, Version{1, 43}},
	{"25.0", Version{1, 24}, Version{1, 44}},
	{"26.0", Version{1, 24}, Version{1, 45}},
	{"26.1", Version{1, 24}, Version{1, 45}},
	{"27.0", Version{1, 24}, Version{1, 46}},
	{"27.1", Version{1, 24}, Version{1, 46}},
	{"27.2", Version{1, 24}, Version{1, 47}},
	{"27.3", Version{1, 24}, Version{1, 47}},
	{"27.4", Version{1, 24}, Version{1, 47}},
	{"27.5", Version{1, 24}, Version{1, 47}},
	{"28.0", Version{1, 24}, Version{1, 48}},
	{"28.1", Version{1, 24}, Version{1, 49}},
	{"28.2", Version{1, 24}, Version{1, 50}},
	{"28.3", Version{1, 24}, Version{1, 51}},
	{"28.4", Version{1, 24}, Version{1, 51}},
	{"28.5", Version{1, 24}, Version{1, 51}},
	{"29.0", Version{1, 44}, Version{1, 52}},
	{"29.1", Version{1, 44}, Version{1, 52}},
	{"29.2", Version{1, 44}, Version{1, 53}},
	{"29.3", Version{1, 40}, Version{1, 54}},
	{"29.4", Version{1, 40}, Version{1, 54}},
	{"29.5", Version{1, 40}, Version{1, 54}},
	{"29.6", Version{1, 40}, Version{1, 55}},
	{"29.7", Version{1, 40}, Version{1, 55}},
}

// Engines returns the series that are known, the oldest first.
func Engines() []Engine { return append([]Engine(nil), engines...) }

// EngineOf returns the series that a release belongs to: "29.1" for "29.1", "v29.1.3" and
// "29.1.3-rc.1"; for a number alone, such as "29", the first series of that. It is false if
// that is not known.
func EngineOf(release string) (Engine, bool) {
	release = strings.TrimPrefix(strings.TrimSpace(release), "v")
	if i := strings.IndexFunc(release, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); i > 0 && strings.IndexByte("-+~", release[i]) >= 0 {
		release = release[:i]
	}
	major, rest, more := strings.Cut(release, ".")
	minor, third, hasThird := strings.Cut(rest, ".")
	if _, ok := decimal(third); hasThird && !ok {
		return Engine{}, false
	}
	for _, e := range engines {
		if e.Series == major+"."+minor || !more && strings.HasPrefix(e.Series, major+".") {
			return e, true
		}
	}
	return Engine{}, false
}

// Refusal says whether an engine answers requests for a version of the API.
type Refusal int

const (
	Accepted Refusal = iota
	TooOld           // the version is
	TooNew
)

// Refuses says whether e answers requests for version v.
func (e Engine) Refuses(v Version) Refusal {
	switch {
	case v.Compare(e.Min) < 0:
		return TooOld
	case v.Compare(e.Max) > 0:
		return TooNew
	}
	return Accepted
}

// Says returns the message with which e refuses version v; empty if it does not. The
// status is 400.
func (e Engine) Says(v Version) string {
	switch e.Refuses(v) {
	case TooOld:
		return fmt.Sprintf("client version %s is too old. Minimum supported API version is %s, please upgrade your client to a newer version", v, e.Min)
	case TooNew:
		return fmt.Sprintf("client version %s is too new. Maximum supported API version is %s", v, e.Max)
	}
	return ""
}

// Span are engines, one series after the other, that treat a version of the API alike:
// those that refuse it for being too old, with one minimum; those that are too old for
// it; those that take it.
type Span struct {
	From, To Engine // the first and the last; the same if it is only one
	Refusal  Refusal
	Newest   bool // To is the newest that is known
}

// Spans returns how the engines treat a version, the oldest first. Together they are all
// that are known.
func Spans(v Version) (all []Span) {
	for _, e := range engines {
		refusal := e.Refuses(v)
		if n := len(all); n > 0 && all[n-1].Refusal == refusal && (refusal != TooOld || all[n-1].To.Min == e.Min) {
			all[n-1].To = e
			continue
		}
		all = append(all, Span{From: e, To: e, Refusal: refusal})
	}
	all[len(all)-1].Newest = true
	return all
}
