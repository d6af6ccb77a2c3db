package dockerapi

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestIsRecipe(t *testing.T) {
	for file, want := range map[string]bool{
		"Dockerfile": true, "a/b/dockerfile": true, "Dockerfile.dev": true, "dev.Dockerfile": true, "Containerfile": true, "x.containerfile": true,
		".dockerignore": true, "Dockerfile.dockerignore": true, "a.dockerignore": true,
		".env": false, "Dockerfile/.env": false, "notdockerfile": false, "Dockerfiles": false, "Dockerfile-key": false, "dockerignore": false, "": false,
	} {
		if got := IsRecipe(file); got != want {
			t.Errorf("%q: %t", file, got)
		}
	}
}

// TestRecipe: a call that fetches how to build asks for files by their paths.
func TestRecipe(t *testing.T) {
	fields := func(pairs ...string) (all []wire.Field) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, wire.Field{Name: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	r, is := RecipeOf(fields("Dir-Name", "dockerfile", "followpaths", "./sub/my.build", "followpaths", "x"))
	if !is || !r.Reads("sub/my.build") || !r.Reads("./x") || !r.Reads("Dockerfile") || r.Reads("my.build") || r.Reads(".env") {
		t.Errorf("%t: %+v", is, r)
	}
	if r, is := RecipeOf(fields("dir-name", "context", "followpaths", "x")); !is || r.Reads("x") || !r.Reads("a/.dockerignore") {
		t.Errorf("%t: %+v", is, r)
	}
	for _, pairs := range [][]string{{"dir-name", "x", "followpaths", "x"}, {"dockerfile", "dir-name", "followpaths", "x"}, nil} {
		if r, is := RecipeOf(fields(pairs...)); is || r.asked != nil {
			t.Errorf("%q: %+v", pairs, r)
		}
	}
	if (Recipe{}).Reads(".env") || !(Recipe{}).Reads("a/Dockerfile") {
		t.Error("the usual names")
	}
}
