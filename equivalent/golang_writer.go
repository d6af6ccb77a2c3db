package equivalent

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// do adds a statement: a call of a method, as the arguments of what does something with
// what it returns.
func (g *golang) do(with string, method string, args ...goExpr) {
	call := goCall("cli."+method, append([]goExpr{goWord("ctx")}, args...)...)
	if t := g.made; t != nil && with == "show" {
		call = goCall("made", call)
		call.word = t.variable + " := " + call.word
		g.line(call)
		g.text("_ = " + t.variable + " // its id, which calls below may need")
		g.secrets.made.add(t)
		return
	}
	g.line(goCall(with, call))
}

// line adds an expression as a line of its own.
func (g *golang) line(e goExpr) { g.text(e.in(0, 0)) }

// text adds lines as they are.
func (g *golang) text(lines string) {
	if g.call.Text != "" {
		g.call.Text += "\n"
	}
	g.call.Text += lines
}

// str is a string of the traffic.
func (g *golang) str(s string) goExpr { return goWord(g.goString(s, "secret")) }

// field is a field with a string; no field if that is empty.
func (g *golang) field(name, s string) []goItem {
	if s == "" {
		return nil
	}
	return []goItem{{name + ":", g.str(s)}}
}

// goFlag is a field that is true, or none.
func goFlag(name string, on bool) []goItem {
	if !on {
		return nil
	}
	return []goItem{{name + ":", goWord("true")}}
}

// digits is a field with a number; none if that is 0, or not one.
func digitsField(name, s string) []goItem {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n == 0 {
		return nil
	}
	return []goItem{{name + ":", goWord(strconv.FormatInt(n, 10))}}
}

// listField is a field with strings; none if there are none.
func (g *golang) listField(name string, all []string) []goItem {
	if len(all) == 0 {
		return nil
	}
	return []goItem{{name + ":", g.strings(all)}}
}

// strings is a slice of strings.
func (g *golang) strings(all []string) goExpr {
	e := goExpr{word: "[]string{", end: "}"}
	for _, s := range all {
		e.items = append(e.items, goItem{"", g.str(s)})
	}
	return e
}

// filters are those of a request.
func (g *golang) filters(a *wanted) goExpr {
	e := goCall("filters.NewArgs")
	for _, f := range a.filters() {
		name, v, _ := strings.Cut(f, "=")
		e.items = append(e.items, goItem{"", goCall("filters.Arg", g.str(name), g.str(v))})
	}
	return e
}

// filterField is the field Filters; none if nothing is filtered.
func (g *golang) filterField(a *wanted) []goItem {
	e := g.filters(a)
	if len(e.items) == 0 {
		return nil
	}
	return []goItem{{"Filters:", e}}
}

// goOptions is a struct with the fields of all lists.
func goOptions(name string, fields ...[]goItem) goExpr {
	e := goStruct(name)
	for _, list := range fields {
		e.items = append(e.items, list...)
	}
	return e
}

// doc is a document that was sent, as a value of a type.
func (g *golang) doc(v *value, kind string) goExpr {
	e, _ := g.literal(v, kind, false)
	if e.word == "" {
		return goStruct(kind)
	}
	return e
}

// pointerTo is doc behind a pointer; nil if nothing was sent, or only zero values.
func (g *golang) pointerTo(v *value, kind string) goExpr {
	e, ok := g.literal(v, kind, false)
	if !ok {
		v.use()
		return goWord("nil")
	}
	e.word = "&" + e.word
	return e
}

// registryAuth is the credentials that were sent for a registry, as a field.
func (g *golang) registryAuth(x *wire.Exchange) []goItem {
	f := credentials(x, "X-Registry-Auth")
	if f == nil {
		return nil
	}
	if !f.Masked && !strings.HasPrefix(f.Value, "{") {
		return g.field("RegistryAuth", f.Value)
	}
	variable := g.secrets.name("registry-auth")
	g.note(variable + " is the base64url of this JSON, with what was masked in it: " + f.Value)
	return []goItem{{"RegistryAuth:", goWord(`os.Getenv("` + variable + `")`)}}
}
