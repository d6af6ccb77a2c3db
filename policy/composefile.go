package policy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// composed is what a file for docker compose says of a service.
type composed struct {
	name, image string
	settings    []setting // words of its command, variables and labels as NAME=VALUE
}

// setting is a word, and where it stands.
type setting struct {
	text  string
	line  int
	block bool // its text has the lines that follow
}

// at returns where the nth line of its text stands.
func (w setting) at(n int) int {
	if w.block {
		return w.line + n
	}
	return w.line
}

// services returns those of a file for docker compose, or of a part of one.
func services(text string) (all []composed, err error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	top := members(doc.Content[0])
	for _, m := range top {
		if m.name == "services" {
			top = members(m.value)
			break
		}
		if slices.Contains(ofService, m.name) { // a part of one
			return []composed{serviceOf("", top)}, nil
		}
	}
	for _, m := range top {
		all = append(all, serviceOf(m.name, members(m.value)))
	}
	return all, nil
}

// ofService are the members of a service that are read.
var ofService = []string{"image", "command", "entrypoint", "environment", "labels"}

func serviceOf(name string, of []pair) composed {
	s := composed{name: name}
	for _, m := range of {
		switch m.name {
		case "image":
			s.image = m.value.Value
		case "command", "entrypoint":
			if m.value.Kind == yaml.ScalarNode {
				for _, word := range shellWords(interpolated(m.value.Value)) {
					s.settings = append(s.settings, setting{text: word, line: m.value.Line})
				}
				continue
			}
			fallthrough
		case "environment", "labels":
			s.settings = append(s.settings, settings(m.value)...)
		}
	}
	return s
}

// settings returns those of a list, or of names with their values.
func settings(n *yaml.Node) (all []setting) {
	add := func(before string, n *yaml.Node) {
		n = resolved(n)
		if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
			block := n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
			all = append(all, setting{before + interpolated(n.Value), n.Line, block})
		}
	}
	if n.Kind == yaml.SequenceNode {
		for _, of := range n.Content {
			add("", of)
		}
		return all
	}
	for _, m := range members(n) {
		add(m.name+"=", m.value)
	}
	return all
}

// pair is a member of a mapping.
type pair struct {
	name  string
	value *yaml.Node
}

// maxMerged bounds how many mappings are read to have the members of one.
const maxMerged = 256

// members returns those of a mapping, before those of the ones that are merged into it.
func members(n *yaml.Node) []pair {
	left := maxMerged
	return merged(n, &left)
}

// merged is members, of so many mappings at most as are left.
func merged(n *yaml.Node, left *int) (all []pair) {
	n = resolved(n)
	if *left--; n.Kind != yaml.MappingNode || *left < 0 {
		return nil
	}
	var more []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], resolved(n.Content[i+1])
		switch {
		case key.Tag != "!!merge":
			all = append(all, pair{key.Value, value})
		case value.Kind == yaml.SequenceNode:
			for _, of := range value.Content {
				more = append(more, merged(of, left)...)
			}
		default:
			more = append(more, merged(value, left)...)
		}
	}
	known := make(map[string]bool, len(all))
	for _, m := range all {
		known[m.name] = true
	}
	for _, m := range more {
		if !known[m.name] {
			known[m.name] = true
			all = append(all, m)
		}
	}
	return all
}

// resolved returns what an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// aDollar is what stands for a dollar sign, or for a variable.
var aDollar = lazily(`\$\$|\$\{[A-Za-z_]\w*:?-([^}]*)\}`)

// interpolated puts in what is known of variables: what is there in the place of one that is
// not set (Compose Specification, "Interpolation").
func interpolated(s string) string {
	return aDollar().ReplaceAllStringFunc(s, func(found string) string {
		if found == "$$" {
			return "$"
		}
		_, value, _ := strings.Cut(strings.TrimSuffix(found, "}"), "-")
		return value
	})
}
