package dockerapi

import (
	"path"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Recipe says which files of those that BuildKit fetches to know how to build are read
// by people. Its zero value knows them by how they are usually called.
type Recipe struct{ asked []string }

// RecipeOf returns what a call with these fields fetches; false if it fetches no folder
// (BuildKit, frontend/dockerui and session/filesync). Where the folder is that of the
// build's file, this is among the paths that it asks for, whatever it is called; where it
// is the build's context, those may be of anything.
func RecipeOf(fields []wire.Field) (r Recipe, is bool) {
	switch wire.FieldValue(fields, "dir-name") {
	case "context":
		return r, true
	case "dockerfile":
	default:
		return r, false
	}
	for i := range fields {
		if f := &fields[i]; strings.EqualFold(f.Name, "followpaths") {
			r.asked = append(r.asked, path.Clean(f.Value))
		}
	}
	return r, true
}

// Reads reports whether the file with this path is read by people.
func (r Recipe) Reads(file string) bool {
	return IsRecipe(file) || slices.Contains(r.asked, path.Clean(file))
}

// IsRecipe reports whether a file is called as those are that say how something is built,
// or what is left out.
func IsRecipe(file string) bool {
	base := strings.ToLower(path.Base(file))
	for _, name := range []string{"dockerfile", "containerfile"} {
		if base == name || strings.HasPrefix(base, name+".") || strings.HasSuffix(base, "."+name) {
			return true
		}
	}
	return strings.HasSuffix(base, ".dockerignore")
}
