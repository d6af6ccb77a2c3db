// Command since writes which parameters and fields the operations of the Docker Engine API
// take, and since which version, as the published descriptions of its versions tell. What
// the first of them has may be older. With the argument answers it writes the fields of
// answers, as the newest description has them. It takes names and versions, nothing else. It is a
// module of its own, so that the program does not depend on what it imports.
//
//	go run . > ../../../dockerapi/since.txt
//	go run . answers > ../../../dockerapi/answers.txt
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	_ "github.com/moby/moby/api/types" // the module that has the descriptions
)

//go:embed corrections.txt
var corrections string

// oldest and newest are the minor numbers of the versions that are described.
const oldest, newest = 25, 56

func main() {
	if err := write(slices.Contains(os.Args[1:], "answers")); err != nil {
		fmt.Fprintln(os.Stderr, "since:", err)
		os.Exit(1)
	}
}

// write writes what operations take, or what they answer.
func write(answers bool) error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/moby/moby/api").Output()
	if err != nil {
		return fmt.Errorf("where are the descriptions: %w", err)
	}
	all := make(map[string]*operation) // by method and path
	for minor := oldest; minor <= newest; minor++ {
		file := filepath.Join(string(bytes.TrimSpace(out)), "docs", fmt.Sprintf("v1.%d.yaml", minor))
		d, err := readDescription(file)
		if err != nil {
			return err
		}
		d.tell(minor, all)
	}
	byName := make(map[string]*operation)
	for _, o := range all {
		byName[o.name] = o
	}
	for line := range strings.Lines(corrections) {
		if err := correct(byName, strings.Fields(line)); err != nil {
			return err
		}
	}
	w := bufio.NewWriter(os.Stdout)
	sorted := slices.SortedFunc(maps.Values(all), func(a, b *operation) int { return strings.Compare(a.name, b.name) })
	if answers {
		fmt.Fprintf(w, "# Fields of the documents that operations of the Docker Engine API answer with, in\n# version 1.%d. Made by internal/tools/since.\n", newest)
		for _, o := range sorted {
			o.printAnswers(w)
		}
		return w.Flush()
	}
	fmt.Fprintf(w, "# Parameters (?) and fields of documents (.) of the operations of the Docker Engine API,\n"+
		"# with the first version that has them, - if there may be older ones than 1.%d; the last one,\n# - if there is none; and, if they should not be used, since when, and what takes their\n# place. Names that operations had before (=). Made by internal/tools/since.\n", oldest)
	for _, o := range sorted {
		o.print(w)
	}
	return w.Flush()
}

// operation is what one takes.
type operation struct {
	name    string // in the newest version
	before  []string
	args    map[string]*argument // by "?name" or ".name"
	answers map[string]bool      // fields of what comes if all is well, in the newest version
}

// argument is when something is there, by minor numbers.
type argument struct {
	first, last int
	more        string // since when it should not be used, and what takes its place
}

// correct changes what the descriptions say as the words of a line do.
func correct(all map[string]*operation, words []string) error {
	if len(words) == 0 || words[0] == "#" {
		return nil
	}
	o := all[words[0]]
	switch {
	case o == nil || len(words) < 3, words[2] != "x" && len(words) < 5:
		return fmt.Errorf("corrections: %q: not understood", words)
	case words[2] == "x":
		if o.args[words[1]] == nil {
			return fmt.Errorf("corrections: %q: nobody says that", words)
		}
		delete(o.args, words[1])
		return nil
	}
	a := o.args[words[1]]
	if a == nil {
		a = &argument{first: oldest, last: newest}
		o.args[words[1]] = a
	}
	for i, at := range []*int{&a.first, &a.last} {
		switch word := words[2+i]; word {
		case "=":
		case "-":
			*at = []int{oldest, newest}[i]
		default:
			if _, err := fmt.Sscanf(word, "1.%d", at); err != nil {
				return fmt.Errorf("corrections: %q: %w", words, err)
			}
		}
	}
	if words[4] != "-" {
		a.more = " " + strings.Join(words[4:], " ")
	}
	return nil
}

// versions are those of an argument as the list has them.
func (a *argument) versions() string {
	first, last := "-", "-"
	if a.first > oldest {
		first = fmt.Sprintf("1.%d", a.first)
	}
	if a.last < newest {
		last = fmt.Sprintf("1.%d", a.last)
	}
	return first + " " + last + a.more
}

// print writes what o takes.
func (o *operation) print(w *bufio.Writer) {
	if len(o.args)+len(o.before) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", o.name)
	for _, name := range slices.Sorted(maps.Keys(o.args)) {
		fmt.Fprintf(w, "%s %s\n", name, o.args[name].versions())
	}
	for _, name := range o.before {
		fmt.Fprintf(w, "=%s\n", name)
	}
}

// printAnswers writes what o answers.
func (o *operation) printAnswers(w *bufio.Writer) {
	if len(o.answers) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", o.name)
	for _, name := range slices.Sorted(maps.Keys(o.answers)) {
		fmt.Fprintf(w, ".%s\n", name)
	}
}

// description is that of one version.
type description struct {
	Paths       map[string]map[string]yaml.Node `yaml:"paths"`
	Definitions map[string]*schema              `yaml:"definitions"`
}

// method is one of a path.
type method struct {
	Name       string `yaml:"operationId"`
	Parameters []struct {
		In     string  `yaml:"in"`
		Name   string  `yaml:"name"`
		Schema *schema `yaml:"schema"`
	} `yaml:"parameters"`
	Responses map[string]struct {
		Schema *schema `yaml:"schema"`
	} `yaml:"responses"`
}

// schema is that of a document, or a part of it.
type schema struct {
	Ref        string             `yaml:"$ref"`
	AllOf      []*schema          `yaml:"allOf"`
	Properties map[string]*schema `yaml:"properties"`
	Items      *schema            `yaml:"items"`
	Others     yaml.Node          `yaml:"additionalProperties"`
}

func readDescription(file string) (*description, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d := new(description)
	if err := yaml.Unmarshal(b, d); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}

// tell adds what the version with this minor number has to all.
func (d *description) tell(minor int, all map[string]*operation) {
	for path, methods := range d.Paths {
		for verb, node := range methods {
			var m method
			if node.Decode(&m) != nil || m.Name == "" {
				continue
			}
			key := verb + " " + withoutNames(path)
			o := all[key]
			if o == nil {
				o = &operation{args: make(map[string]*argument), answers: make(map[string]bool)}
				all[key] = o
			}
			if o.name != "" && o.name != m.Name {
				o.before = append(o.before, o.name)
			}
			o.name = m.Name
			for _, p := range m.Parameters {
				switch p.In {
				case "query":
					o.has("?"+p.Name, minor)
				case "body":
					d.fields(p.Schema, "", 0, func(name string) { o.has(name, minor) })
				}
			}
			for status, r := range m.Responses {
				if minor == newest && strings.HasPrefix(status, "2") {
					d.fields(r.Schema, "", 0, func(name string) { o.answers[name[1:]] = true })
				}
			}
		}
	}
}

// withoutNames returns a path with empty braces.
func withoutNames(path string) string {
	var b strings.Builder
	for path != "" {
		before, rest, ok := strings.Cut(path, "{")
		b.WriteString(before)
		if !ok {
			break
		}
		b.WriteString("{}")
		_, path, _ = strings.Cut(rest, "}")
	}
	return b.String()
}

// has notes that a version has an argument.
func (o *operation) has(name string, minor int) {
	a := o.args[name]
	if a == nil {
		a = &argument{first: minor}
		o.args[name] = a
	}
	a.last = minor
}

// fields calls each with all fields of a document.
func (d *description) fields(s *schema, at string, deep int, each func(string)) {
	if s == nil || deep > 12 {
		return
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/definitions/"); ok {
		d.fields(d.Definitions[name], at, deep+1, each)
		return
	}
	for _, part := range s.AllOf {
		d.fields(part, at, deep+1, each)
	}
	for name, p := range s.Properties {
		each(at + "." + name)
		d.fields(p, at+"."+name, deep+1, each)
	}
	d.fields(s.Items, at, deep+1, each)
	var others schema
	if s.Others.Kind == yaml.MappingNode && s.Others.Decode(&others) == nil {
		d.fields(&others, at+".*", deep+1, each)
	}
}
