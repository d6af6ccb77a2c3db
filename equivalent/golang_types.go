package equivalent

import (
	_ "embed"
	"strings"
	"sync"
)

// golangTypes are the types of the client, version 28.5: a name, then its fields, by their
// names in JSON, in Go if that is another, and their types; "*" are those of a type that is
// embedded. A name with "=" stands for another type.
//
// They are what the packages below api/types of github.com/docker/docker v28.5.1, and nat of
// github.com/docker/go-connections, declare: of each exported field its name, its json tag
// and its type. For another version change the file by hand: TestGoVet compiles calls with
// many of the fields against the client.
//
//go:embed golang_types.txt
var golangTypes string

// goField is a field of a struct.
type goField struct {
	json, name, kind string // json is "*" if it is embedded
}

// goType is what a name stands for.
type goType struct {
	kind   string // the type that it is, if it is no struct
	fields []goField
}

// goTypes returns the types by their names.
var goTypes = sync.OnceValue(func() map[string]*goType {
	all := make(map[string]*goType)
	var t *goType
	for line := range strings.Lines(golangTypes) {
		line = strings.TrimSuffix(line, "\n")
		if field, is := strings.CutPrefix(line, "\t"); is {
			words := strings.Fields(field)
			f := goField{words[0], words[0], words[len(words)-1]}
			if len(words) == 3 {
				f.name = words[1]
			}
			t.fields = append(t.fields, f)
			continue
		}
		name, kind, _ := strings.Cut(line, " = ")
		t = &goType{kind: kind}
		all[name] = t
	}
	return all
})
