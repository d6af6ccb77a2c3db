package equivalent

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// literal returns v as a value of a type, and uses it. It reports false if that is the zero
// value, which need not be written, or v is of another type. Within a list the type of an
// element is not repeated.
func (g *golang) literal(v *value, kind string, listed bool) (e goExpr, ok bool) {
	if v == nil || v.kind == 'n' {
		return e, false
	}
	if inner, is := strings.CutPrefix(kind, "*"); is {
		return g.pointer(v, inner, listed)
	}
	if inner, is := strings.CutPrefix(kind, "[]"); is && inner != "byte" {
		return g.list(v, kind, inner, listed)
	}
	switch kind {
	case "string":
		s := v.str()
		return goWord(g.goString(s, "secret")), s != ""
	case "bool":
		return goWord("true"), v.truth()
	case "[]byte":
		return g.bytes(v)
	case "[2]uint":
		return g.pair(v)
	case "struct{}":
		v.use()
		return goWord("{}"), true
	case "time.Duration":
		return goDuration(v)
	}
	if key, inner, is := mapOf(kind); is {
		return g.mapping(v, kind, key, inner, listed)
	}
	if number, is := goNumber(v, kind); is {
		return goWord(number), number != "0"
	}
	t := goTypes()[kind]
	switch {
	case t == nil:
		return e, false
	case t.kind == "":
		return g.object(v, kind, t, listed)
	case strings.HasPrefix(t.kind, "[]"):
		return g.list(v, t.kind, strings.TrimPrefix(t.kind, "[]"), listed)
	}
	if key, inner, is := mapOf(t.kind); is {
		return g.mapping(v, kind, key, inner, listed)
	}
	return g.literal(v, t.kind, listed)
}

// mapOf takes "map[K]V" apart.
func mapOf(kind string) (key, inner string, ok bool) {
	rest, is := strings.CutPrefix(kind, "map[")
	if !is {
		return "", "", false
	}
	return strings.Cut(rest, "]")
}

// goNumber returns v as a number of a type, if it is one.
func goNumber(v *value, kind string) (string, bool) {
	if v.kind != '0' {
		return "", false
	}
	var err error
	switch kind {
	case "int", "int64":
		_, err = strconv.ParseInt(v.text, 10, 64)
	case "uint", "uint64":
		_, err = strconv.ParseUint(v.text, 10, 64)
	case "uint32":
		_, err = strconv.ParseUint(v.text, 10, 32)
	case "uint16":
		_, err = strconv.ParseUint(v.text, 10, 16)
	case "float32":
		_, err = strconv.ParseFloat(v.text, 32)
	default:
		return "", false
	}
	if err != nil {
		return "", false
	}
	v.used = true
	return v.text, true
}

// goDuration returns nanoseconds as people write them.
func goDuration(v *value) (e goExpr, ok bool) {
	digits, is := goNumber(v, "int64")
	if !is {
		return e, false
	}
	n, _ := strconv.ParseInt(digits, 10, 64) // which it is
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}} {
		if n != 0 && n%int64(unit.d) == 0 {
			return goWord(strconv.FormatInt(n/int64(unit.d), 10) + " * time." + unit.name), true
		}
	}
	return goWord(digits), n != 0
}

// bytes returns what stands in base64 as bytes.
func (g *golang) bytes(v *value) (e goExpr, ok bool) {
	s := v.str()
	if data, err := base64.StdEncoding.DecodeString(s); err == nil {
		s = string(data)
	}
	return goCall("[]byte", goWord(g.goString(s, "data"))), s != ""
}

// pair returns the size of a terminal.
func (g *golang) pair(v *value) (e goExpr, ok bool) {
	if len(v.of) != 2 || v.kind != '[' {
		return e, false
	}
	v.used = true
	e = goExpr{word: "[2]uint{", end: "}"}
	for _, inner := range v.of {
		n, is := goNumber(inner, "uint")
		if !is {
			return e, false
		}
		e.items = append(e.items, goItem{"", goWord(n)})
		ok = ok || n != "0"
	}
	return e, ok
}

// pointer returns a pointer, which tells a zero value from one that was not sent.
func (g *golang) pointer(v *value, kind string, listed bool) (e goExpr, ok bool) {
	t := goTypes()[kind]
	if t != nil && t.kind == "" {
		e, _ = g.object(v, kind, t, listed)
		if !listed {
			e.word = "&" + e.word
		}
		return e, v.kind == '{'
	}
	switch e, ok = g.literal(v, kind, false); {
	case kind == "bool" && v.used && (v.kind == 't' || v.kind == 'f'):
		return goCall("ptr", goWord(v.text)), true
	case !v.used:
		return e, false
	case kind == "int" || kind == "[2]uint" && ok || kind == "string":
		return goCall("ptr", e), true
	case kind == "[2]uint":
		return e, false
	case kind == "time.Duration" && !ok:
		return goCall("ptr[time.Duration]", e), true
	case kind == "time.Duration":
		return goCall("ptr", e), true
	}
	return goCall("ptr["+kind+"]", e), v.kind == '0'
}

// list returns a slice. One that is empty is told only where it means something.
func (g *golang) list(v *value, kind, inner string, listed bool) (e goExpr, ok bool) {
	e = goExpr{word: kind + "{", end: "}"}
	if listed {
		e.word = "{"
	}
	if v.kind == '"' && inner == "string" { // in the place of a list of one
		return goStruct(kind, goItem{"", goWord(g.goString(v.str(), "secret"))}), true
	}
	if v.kind != '[' {
		return e, false
	}
	v.used = true
	for _, one := range v.of {
		item, told := g.literal(one, inner, true)
		if !told && !one.used {
			continue
		}
		e.items = append(e.items, goItem{"", item})
	}
	return e, len(e.items) > 0
}

// mapping returns a map.
func (g *golang) mapping(v *value, kind, key, inner string, listed bool) (e goExpr, ok bool) {
	e = goExpr{word: kind + "{", end: "}"}
	if listed {
		e.word = "{"
	}
	for _, m := range v.members() {
		item, told := g.literal(m.value, inner, true)
		if !told && !m.used {
			switch {
			case inner == "struct{}" || strings.HasPrefix(inner, "*"):
				m.value.use()
				item = goWord("nil")
				if inner == "struct{}" {
					item = goWord("{}")
				}
			case strings.HasPrefix(inner, "[]") && m.isEmpty():
				item = goWord("nil")
			default:
				continue
			}
		}
		name := g.goString(m.name, "secret")
		e.items = append(e.items, goItem{name + ":", item})
	}
	return e, len(e.items) > 0
}

// object returns a struct with the fields that are not zero.
func (g *golang) object(v *value, kind string, t *goType, listed bool) (e goExpr, ok bool) {
	if v.kind != '{' {
		return goStruct(kind), false
	}
	v.used = true
	if listed {
		kind = ""
	}
	e = goStruct(kind, g.fields(v, t)...)
	return e, len(e.items) > 0
}

// fields returns those of a struct that are not zero.
func (g *golang) fields(v *value, t *goType) []goItem {
	var all []goItem
	for _, f := range t.fields {
		var item goExpr
		var told bool
		if f.json == "*" { // its fields stand beside the others
			inner := g.fields(v, goTypes()[f.kind])
			item, told = goStruct(f.kind, inner...), len(inner) > 0
		} else {
			sent := v.get(f.json)
			item, told = g.literal(sent, f.kind, false)
			if meansNone(f.name, sent) {
				told = false
			}
			if sent != nil && len(sent.of) == 0 && (f.name == "MaskedPaths" || f.name == "ReadonlyPaths") {
				told = true // none of them, in the place of the usual ones
			}
		}
		if told {
			all = append(all, goItem{f.name + ":", item})
		}
	}
	return all
}

// meansNone says whether a pointer is what the CLI sends of what nobody has asked for, and
// means the same as nil.
func meansNone(name string, v *value) bool {
	switch name {
	case "OomKillDisable", "PidsLimit":
		return v.isEmpty()
	case "MemorySwappiness":
		return v == nil || v.text == "-1"
	}
	return false
}
