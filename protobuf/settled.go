package protobuf

import (
	"maps"
	"slices"
	"strings"
)

// settled are the packages, types and services whose meaning is what the program knows,
// whatever other sets say: who masks their messages goes by the names of their members.
var settled = []string{
	"moby.filesync.v1.", "moby.buildkit.secrets.v1.", "moby.sshforward.v1.", "moby.upload.v1.", "fsutil.types.",
	"moby.buildkit.v1.BytesMessage", "moby.buildkit.v1.Control/Session",
}

// isSettled says whether a full name is one of what is settled.
func isSettled(name string) bool {
	return slices.ContainsFunc(settled, func(begin string) bool { return strings.HasPrefix(name, begin) })
}

// settle returns what puts that back which is settled now.
func (s *Schema) settle() (back func()) {
	types, methods := maps.Clone(s.types), slices.Clone(s.declared)
	maps.DeleteFunc(types, func(name string, _ *Type) bool { return !isSettled(name) })
	methods = slices.DeleteFunc(methods, func(m declared) bool { return !isSettled(m.Name) })
	return func() {
		maps.Copy(s.types, types)
		s.declared = append(s.declared, methods...)
	}
}
