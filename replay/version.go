package replay

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxVersions bounds how many versions of a swarm's things are known by those of the recording.
const maxVersions = 1 << 14

// A swarm takes a change of a thing only with the version that the thing has: a count of all that
// the swarm has agreed on, which is another one now.

// versions knows for a thing's version in the recording which one it has now, by kind and number:
// "services/15".
type versions map[string]string

// thing is what answers say of something that has a version.
type thing struct {
	ID      string
	Version struct{ Index uint64 }
}

// things returns what an answer, of one thing or a list, tells of; nil if that has no versions.
func things(doc []byte) (all []thing) {
	var one thing
	if json.Unmarshal(doc, &one) == nil {
		return []thing{one}
	}
	if json.Unmarshal(doc, &all) != nil {
		return nil
	}
	return all
}

// versioned are the kinds of things that have versions, as paths name them.
var versioned = [...]string{"services", "nodes", "secrets", "configs", "swarm"}

// kindOf returns the kind of the things that a request target is about; empty if they have no
// versions.
func kindOf(target string) string {
	path, _, _ := strings.Cut(target, "?")
	for _, kind := range versioned {
		if strings.Contains(path+"/", "/"+kind+"/") {
			return kind
		}
	}
	return ""
}

// learn learns from two answers that say the same of things of a kind; now translates an id.
func (v versions) learn(kind string, a, b []byte, now func(id string) string) {
	if kind == "" {
		return
	}
	is := make(map[string]uint64)
	for _, t := range things(b) {
		is[t.ID] = t.Version.Index
	}
	for _, t := range things(a) {
		if index, ok := is[now(t.ID)]; ok && t.Version.Index > 0 && len(v) < maxVersions {
			v[kind+"/"+strconv.FormatUint(t.Version.Index, 10)] = strconv.FormatUint(index, 10)
		}
	}
}
