package diff

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// want is what is to be told of a mutation.
type want struct {
	kind   Kind
	number int    // of the exchange, in A, or in B if A has none; 0: any
	other  int    // one that may be told of instead, since both have changed places
	place  string // how the places of all changes begin
	value  string // what the first change says, of A or of B
}

// mutations are what may be done to a recording: each returns what is to be told of it, false if
// nothing was done.
var mutations = []struct {
	name string
	n    int // how many of it
	do   func(r *rand.Rand, all *[]object) (want, bool)
}{
	{"field of a body", 8, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		data, _ := at(e, "request", "postData").(object)
		return inDocument(r, i, data, "body ", nil)
	}},
	{"field of an answer", 8, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		if e["_streamMessages"] != nil {
			return want{}, false
		}
		return inDocument(r, i, at(e, "response", "content").(object), "answer ", steadyFields)
	}},
	{"header field of a request", 5, func(r *rand.Rand, all *[]object) (want, bool) {
		return inHeader(r, all, "request")
	}},
	{"header field of an answer", 5, func(r *rand.Rand, all *[]object) (want, bool) {
		return inHeader(r, all, "response")
	}},
	{"line of a stream", 8, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		messages, _ := e["_streamMessages"].([]any)
		if len(messages) == 0 {
			return want{}, false
		}
		k := r.Intn(len(messages))
		m := messages[k].(object)
		data, ok := m["data"].(string)
		if !ok || m["type"] != "receive" || !strings.HasSuffix(data, "\n") {
			return want{}, false
		}
		m["data"] = strings.TrimRight(data, "\r\n") + " mutated\n"
		at(e, "response", "content").(object)["text"] = ""
		return want{number: i + 1, place: "answer " + m["channel"].(string), value: "mutated"}, true
	}},
	{"line of a stream missing", 4, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		messages, _ := e["_streamMessages"].([]any)
		if len(messages) < 2 {
			return want{}, false
		}
		k := r.Intn(len(messages))
		m := messages[k].(object)
		data, ok := m["data"].(string)
		if !ok || m["type"] != "receive" || !strings.HasSuffix(data, "\n") {
			return want{}, false
		}
		e["_streamMessages"] = slices.Delete(slices.Clone(messages), k, k+1)
		at(e, "response", "content").(object)["text"] = ""
		return want{number: i + 1, place: "answer " + m["channel"].(string), value: strings.TrimRight(data, "\r\n")}, true
	}},
	{"document of a stream", 5, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		messages, _ := e["_streamMessages"].([]any)
		if len(messages) == 0 {
			return want{}, false
		}
		m := messages[r.Intn(len(messages))].(object)
		data, _ := m["data"].(string)
		if m["channel"] != "json" || !strings.HasPrefix(data, `{"stream":"`) {
			return want{}, false
		}
		m["data"] = strings.Replace(data, `:"`, `:"mutated `, 1)
		at(e, "response", "content").(object)["text"] = ""
		return want{number: i + 1, place: "answer documents", value: "mutated"}, true
	}},
	{"status", 6, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		response := e["response"].(object)
		if response["status"] == json.Number("101") {
			return want{}, false
		}
		response["status"] = json.Number("418")
		return want{number: i + 1, place: "status", value: "418"}, true
	}},
	{"query", 6, func(r *rand.Rand, all *[]object) (want, bool) {
		i, e := oneOf(r, *all)
		request := e["request"].(object)
		if list := request["queryString"].([]any); len(list) > 0 && r.Intn(2) == 0 {
			p := list[0].(object)
			old := p["name"].(string) + "=" + p["value"].(string)
			if !strings.Contains(request["url"].(string), old) {
				return want{}, false
			}
			p["value"] = p["value"].(string) + "mutated"
			replaceInTarget(e, old, old+"mutated")
			return want{number: i + 1, place: "query " + p["name"].(string), value: "mutated"}, true
		}
		sign := "?"
		if strings.Contains(request["url"].(string), "?") {
			sign = "&"
		}
		url := request["url"].(string)
		path := url[strings.Index(url, "localhost/")+len("localhost"):]
		replaceInTarget(e, path, path+sign+"mutated=yes")
		request["queryString"] = append(request["queryString"].([]any), object{"name": "mutated", "value": "yes"})
		return want{number: i + 1, place: "query mutated", value: "yes"}, true
	}},
	{"missing", 8, func(r *rand.Rand, all *[]object) (want, bool) {
		i, _ := oneOf(r, *all)
		*all = slices.Delete(slices.Clone(*all), i, i+1)
		return want{kind: Missing, number: i + 1}, true
	}},
	{"extra", 8, func(r *rand.Rand, all *[]object) (want, bool) {
		_, e := oneOf(r, *all)
		more := copied(e)
		more["startedDateTime"] = "2099-01-01T00:00:00Z"
		more["connection"], more["_connectionId"] = "999", "999"
		delete(more, "pageref")
		*all = append(slices.Clone(*all), more)
		return want{kind: Extra, number: len(*all)}, true
	}},
	{"order", 8, func(r *rand.Rand, all *[]object) (want, bool) {
		i := r.Intn(len(*all) - 1)
		a, b := (*all)[i], (*all)[i+1]
		if a["_streamMessages"] != nil || b["_streamMessages"] != nil || a["comment"] == b["comment"] || !over(a, b) {
			return want{}, false
		}
		for _, name := range []string{"request", "response", "comment"} {
			a[name], b[name] = b[name], a[name]
		}
		x, y := a["_socktrace"].(object), b["_socktrace"].(object)
		for _, name := range []string{"target", "request"} {
			x[name], y[name] = y[name], x[name]
		}
		x, y = x["response"].(object), y["response"].(object)
		x["body"], y["body"] = y["body"], x["body"]
		return want{kind: Moved, number: i + 1, other: i + 2}, true
	}},
}

// TestMutations does one thing at a time to a recording, and looks whether that is told, and that
// alone.
func TestMutations(t *testing.T) {
	text := recorded(t, "docker-28.har")
	a := session(t, "a.har", text)
	byTime := sortedText(t, text)
	for _, m := range mutations {
		for seed, done := int64(0), 0; done < m.n; seed++ {
			if seed > 5000 {
				t.Fatalf("%s: only %d of %d were possible", m.name, done, m.n)
			}
			all, again := entries(t, byTime)
			w, ok := m.do(rand.New(rand.NewSource(seed)), &all)
			if !ok {
				continue
			}
			done++
			b := session(t, "b.har", again(all))
			if problem := w.missed(Compare(a, b, Options{})); problem != "" {
				t.Errorf("%s, seed %d: %s: %+v; told is\n%s", m.name, seed, problem, w, listing(Compare(a, b, Options{})))
			}
			if problem := w.backwards().missed(Compare(b, a, Options{})); problem != "" {
				t.Errorf("%s, seed %d, backwards: %s: %+v; told is\n%s", m.name, seed, problem, w, listing(Compare(b, a, Options{})))
			}
		}
	}
}

// backwards returns what is to be told if the mutated recording comes first.
func (w want) backwards() want {
	switch w.kind {
	case Missing:
		w.kind = Extra
	case Extra:
		w.kind = Missing
	}
	return w
}

// missed says what of a mutation is not told, or is told too much; empty if all is well.
func (w want) missed(r *Result) string {
	if len(r.Common) > 0 || len(r.Items) != 1 {
		return fmt.Sprintf("%d items, %d in all", len(r.Items), len(r.Common))
	}
	item := &r.Items[0]
	x := item.A
	if x == nil {
		x = item.B
	}
	if item.Kind != w.kind || w.number > 0 && x.Number != w.number && x.Number != w.other {
		return "another item"
	}
	if w.place == "" {
		if len(item.Changes) > 0 {
			return "more is told"
		}
		return ""
	}
	if len(item.Changes) == 0 {
		return "no change"
	}
	found := false
	for _, c := range item.Changes {
		if !strings.HasPrefix(c.Place, w.place) {
			return "told in " + c.Place
		}
		found = found || strings.Contains(c.A+c.B, w.value)
		for _, l := range c.Lines {
			found = found || l.Sign != ' ' && strings.Contains(l.Text, w.value)
		}
	}
	if !found {
		return "the value is not told"
	}
	return ""
}

// oneOf returns one of all entries.
func oneOf(r *rand.Rand, all []object) (int, object) {
	i := r.Intn(len(all))
	return i, all[i]
}

// at returns what is in an object, by names.
func at(o object, names ...string) any {
	var v any = o
	for _, n := range names {
		in, ok := v.(object)
		if !ok {
			return nil
		}
		v = in[n]
	}
	return v
}

// copied returns a copy of an object.
func copied(o object) object {
	text, _ := json.Marshal(o)
	var c object
	_ = json.Unmarshal(text, &c)
	return c
}

// over reports whether an entry has ended when the one behind it began.
func over(a, b object) bool { return a["connection"] == b["connection"] }

// replaceInTarget replaces part of what an entry asks for.
func replaceInTarget(e object, old, new string) {
	request := e["request"].(object)
	request["url"] = strings.Replace(request["url"].(string), old, new, 1)
	if own, ok := e["_socktrace"].(object); ok {
		own["target"] = strings.Replace(own["target"].(string), old, new, 1)
	}
}

// inHeader changes, adds or takes away a header field.
func inHeader(r *rand.Rand, all *[]object, side string) (want, bool) {
	i, e := oneOf(r, *all)
	message := e[side].(object)
	fields := message["headers"].([]any)
	if r.Intn(3) == 0 {
		message["headers"] = append(slices.Clone(fields), object{"name": "X-Mutated", "value": "mutated"})
	} else {
		k := r.Intn(len(fields))
		f := fields[k].(object)
		switch name := f["name"].(string); {
		case name == "Host" || name == "Date" || strings.HasPrefix(name, "Content-") || name == "Connection" || name == "Transfer-Encoding" || name == "Upgrade":
			return want{}, false
		case r.Intn(2) == 0:
			f["value"] = f["value"].(string) + " mutated"
		default:
			message["headers"] = slices.Delete(slices.Clone(fields), k, k+1)
			return want{number: i + 1, place: told[side] + " header " + name, value: f["value"].(string)}, true
		}
		return want{number: i + 1, place: told[side] + " header " + f["name"].(string), value: "mutated"}, true
	}
	return want{number: i + 1, place: told[side] + " header X-Mutated", value: "mutated"}, true
}

// told is what each side is called.
var told = map[string]string{"request": "request", "response": "answer"}

// steadyFields are fields of answers that no daemon makes up.
var steadyFields = []string{"Image", "Cmd", "Labels", "tier", "ExitCode", "Running", "OOMKilled", "Driver", "Env", "Path", "Args", "RestartCount", "ReadonlyPaths", "Memory", "NetworkMode",
	"StatusCode", "Id", "Name", "Command", "State", "PidMode", "ShmSize", "Untagged"}

// inDocument changes one leaf of a document, whose last name is in list unless that is nil.
func inDocument(r *rand.Rand, i int, holder object, side string, list []string) (want, bool) {
	text, _ := holder["text"].(string)
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc any
	if text == "" || d.Decode(&doc) != nil || d.More() {
		return want{}, false
	}
	type leaf struct {
		place string // as far as no array
		name  string
		value any
		set   func(any)
	}
	var leaves []leaf
	var collect func(place, name string, v any, set func(any), arrays bool)
	collect = func(place, name string, v any, set func(any), inArray bool) {
		switch v := v.(type) {
		case object:
			for k, m := range v {
				inner := place
				if !inArray {
					inner = strings.TrimPrefix(place+"."+k, ".")
				}
				collect(inner, k, m, func(x any) { v[k] = x }, inArray)
			}
		case []any:
			for k, m := range v {
				collect(place, name, m, func(x any) { v[k] = x }, true)
			}
		case nil:
		default:
			leaves = append(leaves, leaf{place, name, v, set})
		}
	}
	collect("", "", doc, func(any) {}, false)
	slices.SortFunc(leaves, func(a, b leaf) int { return strings.Compare(a.place+fmt.Sprint(a.value), b.place+fmt.Sprint(b.value)) })
	if list != nil {
		leaves = slices.DeleteFunc(leaves, func(l leaf) bool { return !slices.Contains(list, l.name) })
	}
	if len(leaves) == 0 {
		return want{}, false
	}
	l := leaves[r.Intn(len(leaves))]
	value := ""
	switch v := l.value.(type) {
	case string:
		value = v + "-mutated"
		l.set(value)
	case bool:
		value = fmt.Sprint(!v)
		l.set(!v)
	case json.Number:
		value = "1" + strings.TrimPrefix(v.String(), "-")
		l.set(json.Number(value))
	}
	out, _ := json.Marshal(doc)
	holder["text"] = string(out)
	return want{number: i + 1, place: side + l.place, value: value}, true
}

// sortedText returns a recording with its entries in the order in which they began.
func sortedText(t *testing.T, text []byte) []byte {
	all, again := entries(t, text)
	slices.SortStableFunc(all, func(a, b object) int {
		return strings.Compare(a["startedDateTime"].(string), b["startedDateTime"].(string))
	})
	return again(all)
}

// TestSame compares recordings with themselves.
func TestSame(t *testing.T) {
	for _, name := range []string{"docker-28.har", "docker-20.10.har"} {
		text := recorded(t, name)
		a := session(t, name, text)
		if len(a.Exchanges) < 20 {
			t.Fatalf("%d exchanges", len(a.Exchanges))
		}
		if r := Compare(a, a, Options{}); r.Differs() || r.Same != len(a.Exchanges) {
			t.Errorf("%s and itself:\n%s", name, listing(r))
		}
		again := session(t, name, anew(text))
		r := Compare(a, again, Options{})
		if r.Differs() || r.Same != len(a.Exchanges) || r.Stand == 0 {
			t.Errorf("%s and %d ids made up anew:\n%s", name, r.Stand, listing(r))
		}
		renamed := strings.NewReplacer(`/web"`, `/front"`, `web/`, `front/`, `"web"`, `"front"`, `\"/web\"`, `\"/front\"`, `name=web`, `name=front`, `web?`, `front?`).Replace(string(anew(text)))
		r = Compare(a, session(t, name, []byte(renamed)), Options{Same: [][2]string{{"web", "front"}}})
		if r.Differs() {
			t.Errorf("%s and another name:\n%s", name, listing(r))
		}
	}
}
