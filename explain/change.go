package explain

import (
	"github.com/socktrace/socktrace/dockerapi"
)

// Change is what is otherwise with another engine than the one that a client has spoken to.
type Change struct {
	// Breaks says that it does not work any more; Unknown that nobody knows whether it does. Else it
	// goes on, but is not to be relied on.
	Breaks, Unknown bool
	Says            string
}

// At returns the version that the client asks of an engine, and whether that refuses it.
// It is false if that is not known.
func (a Asked) At(e dockerapi.Engine) (_ dockerapi.Version, refused, known bool) {
	if a.Version == "" {
		return e.Max, false, true
	}
	v, ok := a.version()
	if !ok {
		return v, false, false
	}
	if !a.Adapts() {
		return v, e.Refuses(v) != dockerapi.Accepted, true
	}
	most := a.Program.Most
	switch {
	case a.Program.Any || most.Compare(e.Max) >= 0:
		return e.Max, false, true
	case most != dockerapi.Version{}:
		return most, most.Compare(e.Min) < 0, true
	case v.Compare(e.Max) > 0:
		return e.Max, false, true
	}
	return v, false, v.Compare(e.Min) >= 0
}

// Refused says that an engine refuses the version that the client asks for, with the words
// of the daemon; or that it may, where that is not known. It is false if neither is so. What was
// refused before does not break.
func (a Asked) Refused(e dockerapi.Engine) (Change, bool) {
	v, refused, known := a.At(e)
	switch {
	case refused:
		if a.Failed {
			return Change{Says: "is refused, as it was before: " + e.Says(v)}, true
		}
		return Change{Breaks: true, Says: "is refused: " + e.Says(v) + lowered(e, v)}, true
	case !known && v == dockerapi.Version{}:
		return Change{Unknown: true, Says: "nothing is known of that: it is no version of Docker's own API"}, true
	case !known:
		return Change{Unknown: true, Says: "is refused if it has nothing newer than " + v.String() + ": the engine wants " + e.Min.String() + " or later"}, true
	}
	return Change{}, false
}

// least is the oldest version that engine 29 can be told to answer to.
var least = dockerapi.Version{Major: 1, Minor: 24}

// lowered says what has an engine answer to a version that is too old for it, if that can be
// configured; else nothing.
func lowered(e dockerapi.Engine, v dockerapi.Version) string {
	if e.Min.Compare(least) <= 0 || v.Compare(least) < 0 || e.Refuses(v) != dockerapi.TooOld {
		return ""
	}
	return "; min-api-version in its daemon.json, or DOCKER_MIN_API_VERSION in its environment, can allow " + v.String()
}

// Changed says what is otherwise with an engine when a client that it does not refuse asks for
// an operation; or, if arg is not nil, what is otherwise with that. It is false if nothing is, as far as is
// known. What did not work before either does not break.
func (a Asked) Changed(e dockerapi.Engine, operation string, arg *dockerapi.Argument) (Change, bool) {
	v, refused, known := a.At(e)
	if refused || !known || arg == nil && dockerapi.IsPing(operation) { // who pings expects that daemons are not alike
		return Change{}, false
	}
	change, is := changedAt(v, operation, arg)
	if before, known := a.before(); known && change.Breaks {
		if was, _ := changedAt(before, operation, arg); was.Breaks {
			change.Breaks = false
			change.Says += "; it was so before"
		}
	}
	return change, is
}

// before returns the version by which the client was answered, if that is known.
func (a Asked) before() (dockerapi.Version, bool) {
	if a.Version == "" {
		return dockerapi.ParseVersion(a.Newest)
	}
	return a.version()
}

// changedAt says what a version has not, or will not have.
func changedAt(v dockerapi.Version, operation string, arg *dockerapi.Argument) (Change, bool) {
	if arg != nil {
		return changedArgument(v, arg)
	}
	entry := Of(operation)
	if entry == nil {
		return Change{}, false
	}
	since, hasSince := dockerapi.ParseVersion(entry.Since)
	until, hasUntil := dockerapi.ParseVersion(entry.Until)
	deprecated, isDeprecated := dockerapi.ParseVersion(entry.Deprecated)
	switch {
	case hasSince && since.Compare(v) > 0:
		return Change{Breaks: true, Says: "is not there: it came with API " + since.String()}, true
	case hasUntil && until.Compare(v) < 0:
		return Change{Breaks: true, Says: "is gone: it was there up to API " + until.String()}, true
	case isDeprecated && deprecated.Compare(v) <= 0:
		return Change{Says: "is deprecated since API " + deprecated.String()}, true
	}
	return Change{}, false
}

// Lacks says what answers to an operation would not have with an engine that does not refuse
// the client, and had before. Whether the client looks at it is not known. It is false if there is nothing.
func (a Asked) Lacks(e dockerapi.Engine, operation string) (Change, bool) {
	v, refused, known := a.At(e)
	before, had := a.before()
	if refused || !known || !had {
		return Change{}, false
	}
	var lost []string
	for _, g := range dockerapi.Named(operation).Gone() {
		if g.Until.Compare(before) >= 0 && g.Until.Compare(v) < 0 {
			lost = append(lost, join(g.Fields)+" (up to API "+g.Until.String()+")")
		}
	}
	if lost == nil {
		return Change{}, false
	}
	return Change{Says: "has answers without " + join(lost)}, true
}

// changedArgument says what version v makes of an argument.
func changedArgument(v dockerapi.Version, a *dockerapi.Argument) (Change, bool) {
	none := dockerapi.Version{}
	switch {
	case a.Since.Compare(v) > 0:
		return Change{Breaks: true, Says: "is not known: it came with API " + a.Since.String()}, true
	case a.Until != none && a.Until.Compare(v) < 0:
		return Change{Breaks: true, Says: "does nothing: API " + a.Until.String() + " was the last that has it" + instead(a)}, true
	case a.Deprecated != none && a.Deprecated.Compare(v) <= 0:
		return Change{Says: "is deprecated since API " + a.Deprecated.String() + instead(a)}, true
	}
	return Change{}, false
}

// Ends says that an operation, or an argument if it is not nil, is deprecated or removed, and since
// when; empty if it is not.
func Ends(operation string, arg *dockerapi.Argument) string {
	deprecated, until, more := "", "", ""
	switch {
	case arg != nil:
		if !arg.Ends() {
			return ""
		}
		if arg.Deprecated != (dockerapi.Version{}) {
			deprecated = arg.Deprecated.String()
		}
		if arg.Until != (dockerapi.Version{}) {
			until = arg.Until.String()
		}
		more = instead(arg)
	default:
		e := Of(operation)
		if e == nil {
			return ""
		}
		deprecated, until = e.Deprecated, e.Until
	}
	switch {
	case deprecated != "" && until != "" && deprecated != until:
		return "deprecated since API " + deprecated + ", " + until + " is the last that has it" + more
	case until != "":
		return "API " + until + " is the last that has it" + more
	case deprecated != "":
		return "deprecated since API " + deprecated + more
	}
	return ""
}

// instead says what takes the place of an argument.
func instead(a *dockerapi.Argument) string {
	if a.Instead == "" {
		return ""
	}
	return "; " + a.Instead + " takes its place"
}
