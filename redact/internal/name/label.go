package name

import (
	"slices"

	"github.com/socktrace/socktrace/redact/internal/form"
)

// Join returns the name of what is called so, within what goes by parent. What
// looks like no name is left out, since it may be anything.
func Join(parent string, called []byte) string {
	if isShown(called) {
		return parent + "." + string(called)
	}
	return parent
}

// isShown says whether name looks like one, and holds no secret.
func isShown(name []byte) bool {
	return len(name) > 0 && len(name) <= Max && !slices.ContainsFunc(name, isStrange) && form.Index(name) < 0
}

// isStrange says whether c is in no name.
func isStrange(c byte) bool { return !Chars[c] && c != '/' && c != ' ' }
