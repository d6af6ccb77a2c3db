package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layered are the packages that are built in floors, with "/..." those below them too: no
// file uses what stands in one that uses it, be it over others.
var layered = []string{"wire", "flow", "policy", "intercept", "decode/...", "redact/...", "filter", "explain", "lesson", "compare", "diff", "replay", "equivalent", "otlp/...", "render", "dockerapi", "risk", "serve", "audit/...", "protobuf", "internal/jsontext", "internal/markup", "internal/spool", "fault"}

// TestFloors keeps uses between the files of a package pointing one way.
func TestFloors(t *testing.T) {
	for _, p := range listPackages(t) {
		if !slices.ContainsFunc(layered, p.isOf) {
			continue
		}
		uses := usesOf(t, p)
		for _, ring := range rings(uses) {
			t.Errorf("%s: %s use each other:\n%s", p.path, strings.Join(ring, ", "), within(uses, ring))
		}
	}
}

// goPackage is a package of the module.
type goPackage struct {
	path, dir string
	files     []string
	exports   map[string]string // of all packages: where their export data are
}

// isOf reports whether a pattern of go's is for p, or for p and its test.
func (p goPackage) isOf(pattern string) bool {
	path, _, _ := strings.Cut(p.path, " ")
	if dir, all := strings.CutSuffix(pattern, "/..."); all {
		return path == dir || strings.HasPrefix(path, dir+"/")
	}
	return path == pattern
}

// listPackages returns all packages of the module.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	const module = "github.com/socktrace/socktrace/"
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{join .GoFiles \" \"}}", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports := make(map[string]string)
	var all []goPackage
	for line := range strings.Lines(string(out)) {
		words := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		exports[words[0]] = words[1]
		if path, ours := strings.CutPrefix(words[0], module); ours {
			all = append(all, goPackage{path, words[2], strings.Fields(words[3]), exports})
		}
	}
	return all
}

// use is why a file uses another: a name, by both files.
type use map[[2]string]string

// usesOf returns which files of a package use what stands in others.
func usesOf(t *testing.T, p goPackage) use {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.files {
		f, err := parser.ParseFile(fset, filepath.Join(p.dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(p.exports[path]) }
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	pkg, err := conf.Check(p.path, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	uses := make(use)
	for id, obj := range info.Uses {
		if v, ok := obj.(*types.Var); obj.Pkg() != pkg || ok && v.IsField() {
			continue
		}
		from, to := fset.Position(id.Pos()).Filename, fset.Position(obj.Pos()).Filename
		key := [2]string{filepath.Base(from), filepath.Base(to)}
		if from != to && (uses[key] == "" || id.Name < uses[key]) {
			uses[key] = id.Name
		}
	}
	return uses
}

// rings returns the sets of files that use each other, be it over others.
func rings(uses use) (all [][]string) {
	reach := make(map[string]map[string]bool)
	for key := range uses {
		for _, name := range key {
			if reach[name] == nil {
				reach[name] = make(map[string]bool)
			}
		}
		reach[key[0]][key[1]] = true
	}
	names := slices.Sorted(maps.Keys(reach))
	for _, via := range names {
		for _, from := range names {
			if reach[from][via] {
				maps.Copy(reach[from], reach[via])
			}
		}
	}
	seen := make(map[string]bool)
	for _, name := range names {
		if seen[name] || !reach[name][name] {
			continue
		}
		ring := slices.DeleteFunc(slices.Clone(names), func(o string) bool { return !reach[name][o] || !reach[o][name] })
		for _, o := range ring {
			seen[o] = true
		}
		all = append(all, ring)
	}
	return all
}

// within lists the uses between files of a ring.
func within(uses use, ring []string) string {
	var b strings.Builder
	for _, key := range slices.SortedFunc(maps.Keys(uses), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		if slices.Contains(ring, key[0]) && slices.Contains(ring, key[1]) {
			fmt.Fprintf(&b, "\t%s uses %s of %s\n", key[0], uses[key], key[1])
		}
	}
	return b.String()
}
