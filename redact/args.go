package redact

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/redact/internal/head"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// args are the values of the build arguments whose names are those of secrets, as the
// requests of a connection have told them. BuildKit puts arguments into the names of
// steps, and so into progress, spans and errors: there nothing is known of a value but
// what it is.
type args struct {
	values [][]byte
	size   int // of all values
}

const (
	leastArg = 6       // bytes: what is shorter stands in too much that is no secret
	maxArgs  = 4 << 10 // bytes of all values
)

// argPrefix is before the name of a build argument in the options of a frontend
// (BuildKit, frontend/dockerui).
const argPrefix = "build-arg:"

// argsParam is in targets that tell arguments.
var argsParam = scan.NewPhrase("buildargs=")

// add takes an argument.
func (a *args) add(r *rules, name, value string) {
	v := []byte(value)
	m := r.Given.Of([]byte(name))
	if m == 0 || len(v) < leastArg || a.size+len(v) > maxArgs || m.Excuses(v) || mask.Is(v) {
		return
	}
	if slices.ContainsFunc(a.values, func(old []byte) bool { return bytes.Equal(old, v) }) {
		return
	}
	a.values, a.size = append(a.values, v), a.size+len(v)
}

// ofTarget takes the arguments that a target tells, as that of Docker's ImageBuild.
func (a *args) ofTarget(r *rules, target string) {
	if !argsParam.In([]byte(target)) {
		return
	}
	u, err := url.Parse(target)
	if err != nil {
		return
	}
	var told map[string]*string
	if json.Unmarshal([]byte(u.Query().Get("buildargs")), &told) != nil {
		return
	}
	for name, value := range told {
		if value != nil {
			a.add(r, name, *value)
		}
	}
}

// ofMessage takes the arguments of a build that m asks for.
func (a *args) ofMessage(r *rules, m *wire.Message) {
	if m.Kind != wire.KindGRPC || !strings.HasPrefix(m.Type, "moby.buildkit.v1.") || !bytes.Contains(m.Data, []byte(argPrefix)) {
		return
	}
	var solve struct{ FrontendAttrs, FrontendOpt map[string]string }
	if json.Unmarshal(m.Data, &solve) != nil {
		return
	}
	for _, told := range []map[string]string{solve.FrontendAttrs, solve.FrontendOpt} {
		for name, value := range told {
			if name, ok := strings.CutPrefix(name, argPrefix); ok {
				a.add(r, name, value)
			}
		}
	}
}

// inFields masks the values in fields, which may be copied for it, and adds the names of
// those that have one, behind prefix, to names. It returns nil fields if it is given
// nil, and there are none.
func (a *args) inFields(r *rules, fields, masked []wire.Field, prefix string, names []string) ([]wire.Field, []string) {
	if len(a.values) == 0 {
		return masked, names
	}
	for i := range fields {
		f := &fields[i]
		if masked != nil {
			f = &masked[i]
		}
		value, is := a.inField(r, f)
		if !is {
			continue
		}
		if masked == nil {
			masked = slices.Clone(fields)
		}
		masked[i] = wire.Field{Name: f.Name, Value: value, Masked: true}
		names = append(names, prefix+f.Name)
	}
	return masked, names
}

// inField returns the value of f with the values masked that are in it; false if none is.
func (a *args) inField(r *rules, f *wire.Field) (string, bool) {
	find := func(b []byte) mask.Spans { return mask.Values(nil, r.Marks, b, a.values, "") }
	if head.IsMessage(f) {
		return head.InMessage(f.Value, find)
	}
	b := []byte(f.Value)
	found := find(b)
	if len(found) == 0 {
		return f.Value, false
	}
	return string(found.Sorted().Masked(b, 0)), true
}
