package protobuf

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
)

// TestNamings: each member by which a call names what it is about is there in the
// request of a method for which it is looked for.
func TestNamings(t *testing.T) {
	found := make(map[*dockerapi.Naming]bool)
	for _, name := range Embedded().Methods() {
		m := Embedded().methods[name]
		namings := dockerapi.Namings("/" + name)
		for i := range namings {
			n := &namings[i]
			found[n] = found[n] || n.Field != "" || has(m.Input, n.Member)
		}
	}
	if len(found) < 30 {
		t.Errorf("%d members are looked for", len(found))
	}
	for n, is := range found {
		if !is {
			t.Errorf("no request has %s, for a %s", n.Member, n.Type)
		}
	}
}

// has reports whether a type has a member, by its path.
func has(t *Type, path string) bool {
	name, rest, inner := strings.Cut(path, ".")
	for i := range t.fields {
		f := &t.fields[i]
		if f.isMap() && inner && strings.Trim(f.key, `":`) == name {
			return true // of any name
		}
		if strings.Trim(f.key, `":`) == name {
			return !inner || f.message != nil && has(f.message, rest)
		}
	}
	return false
}
