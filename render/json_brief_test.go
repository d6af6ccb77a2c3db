package render

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// briefly returns JSON as it is shown in brief in so many columns, and how many
// members were left out; -1 if it is not shown so.
func briefly(in []byte, room int, operation string) (out string, left int) {
	p := page{colors: newPalette(false)}
	p.begin(0)
	var d brief
	if !d.read(in, p.colors) {
		return "", -1
	}
	d.markUsual(operation)
	p.filled(&d, room)
	p.end()
	return string(p.out), d.left()
}

func TestBrief(t *testing.T) {
	for _, c := range []struct {
		in   string
		room int
		want string
		left int
	}{
		{`{"a":1,"b":null,"c":"","d":0,"e":false,"f":[],"g":{}}`, 80, `{"a": 1}`, 6},
		{`{"a":true,"b":"0","c":"false","d":0.0,"e":-0,"f":"null","g":" "}`, 80, `{"a": true, "b": "0", "c": "false", "d": 0.0, "e": -0, "f": "null", "g": " "}`, 0},
		{`{"a":{"b":{"c":null,"d":[0,0]},"e":""},"f":2}`, 80, `{"f": 2}`, 4},
		{`{"a":{"b":{"c":null,"d":[0,1]},"e":""},"f":0}`, 80, `{"a": {"b": {"d": [0, 1]}}}`, 3},
		{`{"Cmd":["sh","-c","",{"a":0,"b":1},{"a":0},[]]}`, 80, `{"Cmd": ["sh", "-c", "", {"b": 1}, {}, []]}`, 2},
		{`[null,{"a":""}]`, 80, `[]`, 2},
		{`{}`, 80, `{}`, 0},
		{`null`, 80, `null`, 0},
		{` "x" `, 80, `"x"`, 0},
		{`{"n":1.50e+400,"n":12345678901234567890}`, 80, `{"n": 1.50e+400, "n": 12345678901234567890}`, 0},
		{`{"Id":"` + id + `","p":"/x/` + id + `/y","no":"` + id + `0"}`, 200, `{"Id": "289e72570a23…", "p": "/x/289e72570a23…/y", "no": "` + id + `0"}`, 0},
		{`{"a":"\u003c\u003e\u0026\u0027\\u003e\u003E"}`, 80, `{"a": "<>&\u0027\\u003e\u003E"}`, 0},
		{`{"a":"0001-01-01T00:00:00Z","b":"0001-01-01T00:00:01Z"}`, 80, `{"b": "0001-01-01T00:00:01Z"}`, 1},
		// As much on a line as fits there.
		{`{"aa":1,"bb":2,"cc":3}`, 24, `{"aa": 1, "bb": 2,` + "\n" + ` "cc": 3}`, 0},
		{`{"aa":1,"bb":2,"cc":3}`, 26, `{"aa": 1, "bb": 2,` + "\n" + ` "cc": 3}`, 0},
		{`{"aa":1,"bb":2,"cc":3}`, 27, `{"aa": 1, "bb": 2, "cc": 3}`, 0},
		{`{"a":1,"obj":{"b":[1,2]},"c":3}`, 22, `{"a": 1,` + "\n" + ` "obj": {"b": [1, 2]},` + "\n" + ` "c": 3}`, 0},
		{`{"a":1,"obj":{"b":[1,2],"c":3},"d":4,"e":5}`, 22, `{"a": 1,` + "\n" + ` "obj": {"b": [1, 2],` + "\n" + `   "c": 3},` + "\n" + ` "d": 4, "e": 5}`, 0},
		{`[{"a":1,"b":2},{"a":3,"b":4},5]`, 10, `[{"a": 1,` + "\n" + `  "b": 2},` + "\n" + ` {"a": 3,` + "\n" + `  "b": 4},` + "\n" + ` 5]`, 0},
		{`{"a":[[1,2,3],4]}`, 13, `{"a": [` + "\n" + `   [1, 2, 3],` + "\n" + `   4]}`, 0},
		{`{"a":[[1,2,3],4]}`, 12, `{"a": [[1,` + "\n" + `    2, 3],` + "\n" + `   4]}`, 0},
		{`{"long":{"key":1234567}}`, 19, `{"long": {` + "\n" + `   "key": 1234567}}`, 0},
		{`{"long":{"key":1234567}}`, 18, `{"long": {"key": 1234567}}`, 0},
		// Not JSON, or not all of it.
		{`{"a":1`, 80, ``, -1}, {`{"a":1}x`, 80, ``, -1}, {`{"a" 1}`, 80, ``, -1}, {`"x`, 80, ``, -1}, {``, 80, ``, -1}, {`[1,tru`, 80, ``, -1}, {`12`, 80, `12`, 0}, {`1 2`, 80, ``, -1},
		{strings.Repeat("[", 32) + strings.Repeat("]", 32), 80, `[]`, 1},
		{strings.Repeat("[", 33) + strings.Repeat("]", 33), 80, ``, -1},
	} {
		got, left := briefly([]byte(c.in), c.room, "")
		if strings.TrimSuffix(got, "\n") != c.want || left != c.left {
			t.Errorf("%s in %d: left out %d, got\n%swant %d\n%s", c.in, c.room, left, got, c.left, c.want)
		}
	}
	for size, want := range map[int]int{256 << 10: 0, 256<<10 + 1: -1} { // of the text
		if _, left := briefly([]byte(`"`+strings.Repeat("x", size-2)+`"`), 80, ""); left != want {
			t.Errorf("%d bytes: %d", size, left)
		}
	}
}

// TestBriefAgain reads one document after another in the same memory, which is not
// kept if it is much.
func TestBriefAgain(t *testing.T) {
	var d brief
	c := newPalette(false)
	for _, in := range []string{`{"a":1,"b":{"c":[0]}}`, `{"a`, `[]`, `[1`, `{"b":0}`} {
		fresh := brief{}
		if got, want := d.read([]byte(in), c), fresh.read([]byte(in), c); got != want || got && (d.left() != fresh.left() || d.whole != fresh.whole || d.short() != fresh.short()) {
			t.Errorf("%s: %t %+v, want %+v", in, got, d.nodes, fresh.nodes)
		}
	}
	d.read([]byte("["+strings.Repeat("1,", 100_000)+"1]"), c)
	if d.read([]byte(`1`), c); cap(d.nodes) > 20_000 {
		t.Errorf("room for %d nodes is kept", cap(d.nodes))
	}
}

// pruned is what reading JSON in brief leaves of it, by another way.
func pruned(v any) (_ any, says bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if kept, says := pruned(member); says {
				v[key] = kept
			} else {
				delete(v, key)
			}
		}
		return v, len(v) > 0
	case []any:
		some := false
		for i := range v {
			var says bool
			v[i], says = pruned(v[i])
			some = some || says
		}
		if !some {
			return []any{}, false
		}
		return v, true
	case json.Number:
		return v, v != "0"
	case string:
		return v, v != ""
	case bool:
		return v, v
	}
	return v, false
}

// unambiguous decodes JSON whose objects have no name twice.
func unambiguous(b []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil, false
	}
	again, err := json.Marshal(v)
	names := regexp.MustCompile(`":`)
	return v, err == nil && len(names.FindAll(again, -1)) == len(names.FindAll(b, -1)) && !bytes.Contains(b, []byte(`\`))
}

// FuzzBrief compares what is shown in brief with what is left of the value.
func FuzzBrief(f *testing.F) {
	for _, s := range []string{createBody, `{"a":[1,"b`, `[[[]],{"a":{}}]`, `[0,{"a":""},[null,1]]`, `{"a":[{"b":0},{"b":1,"c":[]}]}`, `1`} {
		f.Add([]byte(s), uint8(30))
	}
	f.Fuzz(func(t *testing.T, in []byte, room uint8) {
		in = in[:min(len(in), maxFuzz)]
		out, left := briefly(in, int(room), "ContainerCreate")
		checkTerminal(t, []byte(out))
		if left < 0 || !json.Valid(in) {
			return
		}
		want, ok := unambiguous(in)
		if !ok || strings.ContainsAny(out, `…\`) { // what is escaped or cut is not JSON
			return
		}
		want, _ = pruned(want)
		d := json.NewDecoder(strings.NewReader(out))
		d.UseNumber()
		var got any
		if err := d.Decode(&got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n%swant %v", in, err, out, want)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Errorf("more than one value: %s", out)
		}
	})
}

// TestBriefColumns: what is said to fit on a line does, to the column.
func TestBriefColumns(t *testing.T) {
	for _, in := range []string{`{"a":1,"世界":["é",{"b":"\u003e"}],"c":{"d":"` + id + `"}}`, createBody, `[[[1]],{"a":[2,{"b":3}]}]`} {
		p := page{colors: newPalette(false)}
		var d brief
		if !d.read([]byte(in), p.colors) {
			t.Fatal(in)
		}
		line, _ := briefly([]byte(in), d.short(), "")
		if strings.Count(line, "\n") != 1 || columns([]byte(line[:len(line)-1])) != d.short() {
			t.Errorf("not of %d columns: %s", d.short(), line)
		}
		if tighter, _ := briefly([]byte(in), d.short()-1, ""); strings.Count(tighter, "\n") == 1 {
			t.Errorf("still on one line: %s", tighter)
		}
		if p.flat(&d); columns(p.line) != d.whole {
			t.Errorf("all of it is not of %d columns: %s", d.whole, p.line)
		}
	}
	for room := 28; room < 120; room++ {
		out, _ := briefly([]byte(createBody), room, "")
		for line := range strings.Lines(out) {
			if n := columns([]byte(line[:len(line)-1])); n > room && strings.Count(line, `": `) > 1 {
				t.Errorf("%d columns in %d: %s", n, room, line)
			}
		}
	}
}

// TestUsual: what the docker CLI sends always is faint, be it a member or all that is
// in one.
func TestUsual(t *testing.T) {
	p := page{colors: newPalette(true)}
	faint := func(operation, in string) string {
		var d brief
		p.begin(0)
		if !d.read([]byte(in), p.colors) {
			t.Fatal(in)
		}
		d.markUsual(operation)
		p.filled(&d, 1000)
		p.end()
		out := string(p.out)
		out = strings.ReplaceAll(out, p.colors.open[roleFaint], "‹")
		return sgrSequence.ReplaceAllString(strings.TrimSuffix(out, "\n"), "")
	}
	for _, c := range []struct{ operation, in, want string }{
		{"ContainerCreate", `{"AttachStdout":true,"AttachStderr":true,"Tty":true}`, `{‹"AttachStdout"‹: ‹true, ‹"AttachStderr"‹: ‹true, "Tty": true}`},
		{"ContainerCreate", `{"HostConfig":{"NetworkMode":"default","RestartPolicy":{"Name":"no"},"ConsoleSize":[40,80]}}`,
			`{‹"HostConfig"‹: ‹{‹"NetworkMode"‹: ‹"default"‹, ‹"RestartPolicy"‹: ‹{‹"Name"‹: ‹"no"‹}‹, ‹"ConsoleSize"‹: ‹[‹40‹, ‹80‹]‹}}`},
		{"ContainerCreate", `{"HostConfig":{"NetworkMode":"none","MemorySwappiness":-1}}`, `{"HostConfig": {"NetworkMode": "none", ‹"MemorySwappiness"‹: ‹-1}}`},
		{"ContainerCreate", `{"NetworkMode":"default","MemorySwappiness":-1}`, `{"NetworkMode": "default", "MemorySwappiness": -1}`},
		{"ContainerExec", `{"AttachStdout":true,"Cmd":["ls"]}`, `{‹"AttachStdout"‹: ‹true, "Cmd": ["ls"]}`},
		{"ExecStart", `{"Tty":true,"ConsoleSize":[1,2]}`, `{"Tty": true, ‹"ConsoleSize"‹: ‹[‹1‹, ‹2‹]}`},
		{"ContainerUpdate", `{"AttachStdout":true}`, `{"AttachStdout": true}`},
		{"ContainerCreate", `[true]`, `[true]`},
		{"ContainerCreate", `{"AttachStdout":true}`, `{‹"AttachStdout"‹: ‹true}`},
	} {
		if got := faint(c.operation, c.in); got != c.want {
			t.Errorf("%s %s: got\n%s\nwant\n%s", c.operation, c.in, got, c.want)
		}
	}
}
