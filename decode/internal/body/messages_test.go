package body

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestRole says what files are for that a call of BuildKit transfers.
func TestRole(t *testing.T) {
	const pull, push = "moby.filesync.v1.FileSync/DiffCopy", "moby.filesync.v1.FileSend/DiffCopy"
	field := func(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }
	for _, c := range []struct {
		method string
		fields []wire.Field
		want   string
	}{
		{pull, []wire.Field{field("dir-name", "context")}, "build context"},
		{pull, []wire.Field{field("dir-name", "context"), field("followpaths", "src"), field("followpaths", ".dockerignore")}, "build context"},
		{pull, []wire.Field{field("dir-name", "context"), field("followpaths", ".dockerignore")}, ".dockerignore"},
		{pull, []wire.Field{field("dir-name", "dockerfile"), field("followpaths", ".dockerignore")}, "dockerfile"},
		{pull, []wire.Field{field("dir-name", "other")}, ""},
		{pull, nil, ""},
		{push, []wire.Field{field("dir-name", "context")}, "export"},
	} {
		if got := roleOf(c.fields, c.method); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.method, c.fields, got, c.want)
		}
	}
}
