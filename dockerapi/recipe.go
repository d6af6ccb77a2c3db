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

// RecipeOf returns what a call with these fields fetches; false if that is something else
// (BuildKit, frontend/dockerui and session/filesync). The build's file is among the paths
// that it asks for, whatever it is called.
func RecipeOf(fields []wire.Field) (r Recipe, is bool) {
	if wire.FieldValue(fields, "dir-name") != "dockerfile" {
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
