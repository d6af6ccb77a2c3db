package compare

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// chance are parameters that clients make up for each request.
var chance = set("session, buildid, remotecontext")

// versioned are operations that name the version of what they change, as a swarm has counted it.
var versioned = set("NodeUpdate, SwarmUpdate, ServiceUpdate, SecretUpdate, ConfigUpdate")

// isMadeUp reports whether a parameter of an operation is made up for each request, or by each daemon.
func isMadeUp(operation, name string) bool {
	return chance[strings.ToLower(name)] || versioned[operation] && name == "version"
}

// usual are values of parameters that mean the same as if they were not there, by operation.
var usual = map[string]map[string][]string{
	"ContainerKill":   {"signal": {"KILL", "SIGKILL", "9"}},
	"ImageSearch":     {"limit": {"25"}},
	"ImageBuild":      {"rm": {"1", "true"}, "dockerfile": {"Dockerfile"}, "version": {"1"}, "networkmode": {"default"}},
	"ImageCreate":     {"tag": {"latest"}},
	"ContainerLogs":   {"tail": {"all"}},
	"ContainerStats":  {"stream": {"1", "true"}},
	"ContainerCommit": {"pause": {"1", "true"}},
	"ContainerWait":   {"condition": {"not-running"}},
	"ContainerTop":    {"ps_args": {"-ef"}},
}

// query compares what two targets ask for behind the question mark.
func (s *Session) query(operation, a, b string) (all []Difference) {
	paramsA, paramsB := parameters(a), parameters(b)
	inA, inB := valuesByName(paramsA), valuesByName(paramsB)
	told := make(map[string]bool)
	for _, p := range slices.Concat(paramsA, paramsB) {
		name := p.name
		if told[name] {
			continue
		}
		told[name] = true
		v, w := inA[name], inB[name]
		if s.equalParameters(operation, name, v, w) {
			continue
		}
		d := Difference{Place: "query " + name, A: strings.Join(v, ", "), B: strings.Join(w, ", "), HasA: len(v) > 0, HasB: len(w) > 0}
		all = append(all, d)
	}
	return all
}

// parameter is one of a query.
type parameter struct{ name, value string }

// parameters returns those of a query, decoded, in its order.
func parameters(query string) (all []parameter) {
	for query != "" {
		var one string
		one, query, _ = strings.Cut(query, "&")
		if one == "" {
			continue
		}
		name, value, _ := strings.Cut(one, "=")
		all = append(all, parameter{dockerapi.Unescaped(name), dockerapi.Unescaped(value)})
	}
	return all
}

// valuesByName returns the values of each parameter, in their order.
func valuesByName(all []parameter) map[string][]string {
	values := make(map[string][]string, len(all))
	for _, p := range all {
		values[p.name] = append(values[p.name], p.value)
	}
	return values
}

// equalParameters reports whether values of a parameter mean the same.
func (s *Session) equalParameters(operation, name string, a, b []string) bool {
	if isMadeUp(operation, name) {
		return true
	}
	left := func(values []string) bool {
		for _, v := range values {
			if !saysNothing(operation, name, v) {
				return false
			}
		}
		return true
	}
	if left(a) && left(b) {
		return true
	}
	if len(a) != len(b) {
		return false
	}
	mark := s.Mark()
	for i := range a {
		if !s.equalParameter(name, a[i], b[i]) {
			s.Undo(mark)
			return false
		}
	}
	return true
}

// saysNothing reports whether a parameter means the same as if it was not there.
func saysNothing(operation, name, value string) bool {
	switch value {
	case "", "0", "false", "False", "null", "{}", "[]", "-1":
		return true
	}
	return slices.Contains(usual[operation][strings.ToLower(name)], value)
}

// equalParameter reports whether two values of a parameter mean the same.
func (s *Session) equalParameter(name, a, b string) bool {
	if pin(a) != pin(b) {
		return false
	}
	if s.asked(a, b) || dockerapi.IsTrue(a) && dockerapi.IsTrue(b) && isFlag(a) && isFlag(b) || isImage(name) && imageName(a) == imageName(b) {
		return true
	}
	if isTime(name) {
		return a != "" && b != ""
	}
	if !json.Valid([]byte(a)) || !json.Valid([]byte(b)) || a == "" || a[0] != '{' && a[0] != '[' {
		return false
	}
	return len(s.document("", listed([]byte(a)), listed([]byte(b)), true)) == 0
}

// isFlag reports whether a value is one that says yes or no.
func isFlag(value string) bool {
	switch strings.ToLower(value) {
	case "1", "true", "t", "yes", "on":
		return true
	}
	return false
}

// listed returns filters as lists, sorted: older clients write {"label":{"a":true}} for
// {"label":["a"]}, and their order says nothing.
func listed(filters []byte) []byte {
	var all map[string]json.RawMessage
	if json.Unmarshal(filters, &all) != nil {
		return filters
	}
	out := make(map[string]any, len(all))
	for name, value := range all {
		var keys map[string]bool
		var list []string
		switch {
		case json.Unmarshal(value, &keys) == nil && keys != nil:
			for k, is := range keys {
				if is {
					list = append(list, k)
				}
			}
		case json.Unmarshal(value, &list) != nil:
			out[name] = value
			continue
		}
		slices.Sort(list)
		out[name] = list
	}
	text, err := json.Marshal(out)
	if err != nil {
		return filters
	}
	return text
}

// Query returns what a query asks for, sorted and without what says nothing: what is left at its
// default, and what is made up for each request.
func Query(operation, query string) string {
	var all []string
	for _, p := range parameters(query) {
		if !isMadeUp(operation, p.name) && !saysNothing(operation, p.name, p.value) {
			all = append(all, p.name+"="+string(listed([]byte(p.value))))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "&")
}
