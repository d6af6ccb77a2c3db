package dockerapi

import (
	"slices"
	"testing"
)

// TestCarries: what archives are, and which files in them people read.
func TestCarries(t *testing.T) {
	for _, c := range []struct {
		method, target string
		carries        string
		reads          []string
	}{
		{"POST", "/build", "build context", []string{"Dockerfile", ".dockerignore", "Dockerfile.dockerignore"}},
		{"POST", "/v1.41/build?t=x&dockerfile=", "build context", []string{"Dockerfile", ".dockerignore", "Dockerfile.dockerignore"}},
		{"POST", "/v1.41/build?t=x&dockerfile=.%2Fa%2F%2Fb+c", "build context", []string{"a/b c", ".dockerignore", "a/b c.dockerignore"}},
		{"POST", "/libpod/build?dockerfile=x", "build context", []string{"x", ".dockerignore", "x.dockerignore"}},
		{"GET", "/images/a/b/get?dockerfile=x", "image", nil},
		{"GET", "/images/get?names=a", "image", nil},
		{"POST", "/images/load", "image", nil},
		{"GET", "/libpod/images/a/get", "image", nil},
		{"GET", "/libpod/images/export", "image", nil},
		{"POST", "/libpod/images/load", "image", nil},
		{"PUT", "/containers/a/archive?path=/&dockerfile=x", "", nil},
		{"GET", "/nothing", "", nil},
	} {
		call, _ := Match(c.method, c.target)
		if got := call.Carries(); got != c.carries {
			t.Errorf("%s %s carries %q, want %q", c.method, c.target, got, c.carries)
		}
		if got := call.Readable(); !slices.Equal(got, c.reads) {
			t.Errorf("%s %s: people read %q, want %q", c.method, c.target, got, c.reads)
		}
	}
}
