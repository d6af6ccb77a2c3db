package redact

import (
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

const (
	up   = wire.ToServer
	down = wire.ToClient
)

// TestTraits: what each trait hides, of which direction.
func TestTraits(t *testing.T) {
	type hidden struct{ any, body, carried string } // by direction: "up", "down", "both"
	for trait, want := range map[dockerapi.Traits]hidden{
		0:                      {"", "", ""},
		dockerapi.Login:        {"both", "both", ""},
		dockerapi.Data:         {"both", "both", ""},
		dockerapi.Authz:        {"both", "both", ""},
		dockerapi.Sealed:       {"both", "", "both"},
		dockerapi.Input:        {"up", "up", "up"},
		dockerapi.Hidden:       {"up", "up", ""},
		dockerapi.TarRequest:   {"up", "", ""},
		dockerapi.TarResponse:  {"down", "", ""},
		dockerapi.Pairs:        {"", "", ""},
		dockerapi.SessionParam: {"", "", ""},
		dockerapi.Progress:     {"", "", ""},
	} {
		ways := func(is func(wire.Dir) bool) string {
			return map[[2]bool]string{{true, true}: "both", {true, false}: "up", {false, true}: "down"}[[2]bool{is(up), is(down)}]
		}
		got := hidden{
			ways(func(dir wire.Dir) bool { return hides(trait, dir) }),
			ways(func(dir wire.Dir) bool { return hidesBody(trait, dir) }),
			ways(func(dir wire.Dir) bool { return newCarrier(trait).hides(dir) }),
		}
		if got != want {
			t.Errorf("%b: got %+v, want %+v", trait, got, want)
		}
		lasting := trait&(dockerapi.Login|dockerapi.Data|dockerapi.Sealed|dockerapi.Input) != 0
		if c := newCarrier(trait); (c.traits() == trait) != (lasting || trait == 0) || (c == 0) == lasting {
			t.Errorf("%b is carried as %b", trait, c)
		}
	}
	if tarOf(up) != dockerapi.TarRequest || tarOf(down) != dockerapi.TarResponse {
		t.Error("archives go the other way")
	}
}

// TestTypes: the field that names a type, and the first of several.
func TestTypes(t *testing.T) {
	for name, want := range map[string]bool{"Content-Type": true, "CONTENT-type": true, "X-Media-Type": false, "Content-Typ": false, "Content-Types": false, "": false} {
		tar, form, first := bodyType([]wire.Field{{Name: "a"}, {Name: name, Value: "application/x-tar"}, {Name: name, Value: "application/x-www-form-urlencoded"}})
		if tar != want || form != want || (first.Media == "application/x-tar") != want {
			t.Errorf("%s: got %t, %t, %+v", name, tar, form, first)
		}
	}
	for size, want := range map[int]bool{256: false, 257: true, 258: false} {
		if got := isTar(append(make([]byte, size), "ustar"...)); got != want {
			t.Errorf("behind %d bytes: %t", size, got)
		}
	}
	for s, want := range map[string]bool{"{": true, "[1": true, " {": true, "{\x00": false, "{a\x00": true, "": false, "x": false, "[\x00": false} {
		if got := beginsPlain([]byte(s)); got != want {
			t.Errorf("%q begins plain: %t", s, got)
		}
	}
	for _, c := range []struct {
		b    wire.Body
		want bool
	}{
		{wire.Body{Complete: true}, true}, {wire.Body{}, false}, {wire.Body{Complete: true, Truncated: true}, false},
		{wire.Body{Complete: true, Content: wire.KindBinary, Data: []byte("ab"), Bytes: 2}, true},
		{wire.Body{Complete: true, Content: wire.KindBinary, Data: []byte("ab"), Bytes: 3}, false},
		{wire.Body{Complete: true, Content: wire.KindText, Data: []byte("ab"), Bytes: 3}, true},
	} {
		if got := isWhole(&c.b); got != c.want {
			t.Errorf("%+v is whole: %t", c.b, got)
		}
	}
	for _, c := range []struct {
		b    wire.Body
		t    media.Type
		want bool
	}{
		{wire.Body{Content: wire.KindParts}, media.Type{}, true}, {wire.Body{Content: wire.KindText, Data: []byte("a")}, media.Type{}, false},
		{wire.Body{Content: wire.KindText, Data: []byte("a")}, media.TypeOf("text/event-stream"), true},
		{wire.Body{Content: wire.KindText, Data: []byte("\xff\xfea\x00")}, media.Type{}, true},
		{wire.Body{Content: wire.KindBinary, Data: []byte("a")}, media.TypeOf("text/event-stream"), false},
	} {
		if got := isApart(c.t, &c.b); got != c.want {
			t.Errorf("%+v of %+v is apart: %t", c.b, c.t, got)
		}
	}
}

// TestSides: what messages and bodies go by, of each direction and kind.
func TestSides(t *testing.T) {
	for dir, side := range []string{"request", "response"} {
		for kind := range wire.KindCount + 2 {
			want := side + "." + min(kind, wire.KindCount).String()
			if kind == wire.KindText || kind == wire.KindJSON {
				want = side + ".body"
			}
			if got := streamName(&wire.Message{Meta: wire.Meta{Dir: wire.Dir(dir)}, Kind: kind}); got != want {
				t.Errorf("%s: got %s, want %s", kind, got, want)
			}
		}
	}
	for dir, want := range map[wire.Dir]string{up: "request.body.token", down: "response.body.token"} {
		c := newConv()
		m := c.message(1, dir, wire.KindJSON, `{"token":"QQ"}`)
		b := c.body(1, dir, wire.KindJSON, `{"token":"QQ"}`)
		if !slices.Equal(m.Masked, []string{want}) || !slices.Equal(b.Masked, []string{want}) {
			t.Errorf("got %q and %q, want %s", m.Masked, b.Masked, want)
		}
		text := c.message(2, dir, wire.KindText, "token: QQ\n")
		raw := c.message(3, dir, wire.KindRaw, "token=QQ\n")
		if !slices.Equal(text.Masked, []string{want}) || len(raw.Masked) != 1 || raw.Masked[0] != strings.Replace(want, "body", "raw", 1) {
			t.Errorf("got %q and %q", text.Masked, raw.Masked)
		}
		trailer := c.r.Event(&wire.Body{Meta: c.meta(4, dir), Trailer: []wire.Field{{Name: "X-Api-Key", Value: "QQ"}}}).(*wire.Body)
		if name := side(dir) + ".trailers.X-Api-Key"; !slices.Equal(trailer.Masked, []string{name}) || trailer.Trailer[0].Value == "QQ" || trailer.Truncated {
			t.Errorf("got %+v", trailer)
		}
	}
}

// TestClean: a document that came as a message is known again, in its direction only.
func TestClean(t *testing.T) {
	for in, want := range map[string]string{" \t\r\na b\n \t": "a b", "x\n": "x", "\nx": "x", "": "", " \n": ""} {
		if got := digestOf([]byte(in)); got != digestOf([]byte(want)) || got.size != len(want) {
			t.Errorf("%q: got %+v", in, got)
		}
	}
	if digestOf([]byte("ab")) == digestOf([]byte("ba")) || digestOf(nil) == (digest{}) {
		t.Error("texts are taken for others")
	}
	for dir := range wire.Dir(2) {
		c, data := newConv(), `{"pin":"QQ"}`
		c.r.conns.state(c.conn).exchange(1).clean[dir] = digestOf([]byte(data))
		for _, b := range []wire.Body{{Complete: true}, {}, {Complete: true, Meta: wire.Meta{Dir: 1}}, {Complete: true, Content: wire.KindText - wire.KindJSON}} {
			b.Meta, b.Content, b.Data = c.meta(1, dir^b.Dir), b.Content+wire.KindJSON, []byte(data)
			got := c.r.Event(&b).(*wire.Body)
			if known := b.Complete && b.Dir == dir && b.Content == wire.KindJSON; (got.Masked == nil) != known {
				t.Errorf("%+v: masked %q", b, got.Masked)
			}
		}
		for _, m := range []wire.Message{{}, {Index: 1}, {Truncated: true}} {
			c := newConv()
			m.Meta, m.Kind, m.Data = c.meta(1, dir), wire.KindJSON, []byte(`{"a":1}`)
			c.r.Event(&m)
			x := c.known().exchange(1)
			if is := x.clean[dir] == digestOf(m.Data); is != (m.Index == 0 && !m.Truncated) || x.clean[1-dir] != (digest{}) {
				t.Errorf("%+v: known is %t, %+v", m, is, x.clean)
			}
		}
	}
}

// TestWhere: what decides what is secret in JSON.
func TestWhere(t *testing.T) {
	r := newRules(nil, nil)
	for known, want := range map[dockerapi.Traits]jsonmask.Where{
		0: {}, dockerapi.Login: {Login: true}, dockerapi.Data: {Data: true}, dockerapi.Pairs: {Pairs: true}, dockerapi.Authz: {Quotes: &r.quotes},
		dockerapi.Hidden: {}, dockerapi.Sealed | dockerapi.Input | dockerapi.TarRequest: {},
	} {
		if got := r.where(true, known, up); !reflect.DeepEqual(got, want) {
			t.Errorf("%b: got %+v", known, got)
		}
		want.Pairs, want.Maybe = false, true
		if got := r.where(false, known, down); !reflect.DeepEqual(got, want) {
			t.Errorf("%b, of a response: got %+v", known, got)
		}
	}
}

// TestQuotedBodies: a body in base64 that is JSON is masked as such, anything else whole.
func TestQuotedBodies(t *testing.T) {
	r := newRules(nil, nil)
	coded := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	before := mask.Spans{{To: 1, Name: "before"}}
	for in, want := range map[string]string{
		coded(`{"a":"b"}`): "shown", coded(`{"a":"b","password":"QQ","token":"QQ"}`): ".password .token", coded(`{"data":"QQ"}`): ".data", coded(`[{"a":1`): "shown",
		coded(`abc`): "", coded(`{"a" "b"}`): "", "!": "", `{"a":1}`: "", coded(`{"a":1}`) + "!": "",
	} {
		found := r.quotedBody(before, []byte(in), true)
		if len(found) == 0 || found[0] != before[0] {
			t.Fatalf("%s: got %+v", in, found)
		}
		found = found[1:]
		got := strings.Join(mask.Spans(found).Names(0), " ")
		switch {
		case want == "shown" && len(found) == 0:
		case want == "" && len(found) == 1 && strings.Contains(found[0].With, "#") && found[0].To == len(in):
		case want == got && want != "":
			text, err := base64.StdEncoding.DecodeString(found[0].With)
			if err != nil || strings.Contains(string(text), "QQ") || found[0].From != 0 || found[0].To != len(in) {
				t.Errorf("%s: got %s", in, text)
			}
		default:
			t.Errorf("%s: got %+v", in, found)
		}
		if found := r.quotedBody(nil, []byte(in), false); len(found) != 1 || strings.Contains(found[0].With, "#") || found[0].To != len(in) {
			t.Errorf("%s and more: got %+v", in, found)
		}
	}
}

// TestSecretNames: what fields say whose values are apart from their names.
func TestSecretNames(t *testing.T) {
	r := newRules(nil, []string{"wobble"})
	for _, c := range []struct {
		called, value string
		want          bool
	}{
		{"token", "QQ", true}, {"token", "false", false}, {"token", "optional", false}, {"token", "longer-than-8", true}, {"use_token", "true", false}, {"password", "true", true},
		{"", "?pin=a", false}, {"", "QQ", false}, {"a", "b", false}, {"Wobble", "b", true}, {"token", "", false}, {"code", "404", false}, {"code", "abc", true},
		{"user[password]", "QQ", true}, {"env", "TOKEN=Q", true}, {`a"b`, "c", false}, {"a", strings.Repeat("b", 100), false}, {"secret", "/run/a", false},
	} {
		if got := isSecret(r, c.called, []byte(c.value)); got != c.want {
			t.Errorf("%s=%s: got %t", c.called, c.value, got)
		}
	}
}

// TestEnded: the streams of a direction are forgotten with what they were charged.
func TestEnded(t *testing.T) {
	x := &exchangeState{streams: []*stream{{dir: up, room: 3}, {dir: down, room: 5}, {dir: down, room: 7}}}
	for _, want := range []struct {
		dir        wire.Dir
		room, left int
	}{{down, 12, 1}, {down, 0, 1}, {up, 3, 0}, {up, 0, 0}} {
		if room := x.ended(want.dir); room != want.room || len(x.streams) != want.left {
			t.Errorf("direction %d: got %d, %d are left", want.dir, room, len(x.streams))
		}
	}
	a, b := &wire.Message{Kind: wire.KindText}, &wire.Message{Kind: wire.KindRaw}
	c := &wire.Message{Meta: wire.Meta{Dir: down}, Kind: wire.KindText}
	text := x.stream(a)
	if x.stream(b) == text || x.stream(c) == text || x.stream(a) != text || len(x.streams) != 3 {
		t.Error("streams are mixed up")
	}
}

// TestSettle: what a stream needs beyond what is usual is charged, and given back.
func TestSettle(t *testing.T) {
	const budget = 1 << 20
	m := memory.New(budget)
	a := memory.Of(m)
	r := newRules(nil, nil)
	st := &stream{}
	st.settle(&a)
	st.walk = new(jsonmask.Walker)
	st.walk.Start(&r.Rules, "x", jsonmask.Where{})
	for _, text := range []string{`[`, strings.Repeat(`[`, 500), strings.Repeat(`]`, 500), `,"`, strings.Repeat("x", 3<<10)} {
		st.walk.Next([]byte(text), false)
		need := max(st.walk.Pause()-usualRoom, 0)
		for range 2 {
			st.settle(&a)
			if st.room != need || a.Used() != int64(need) {
				t.Errorf("behind %.9s: %d bytes, charged for %d, want %d", text, st.room, a.Used(), need)
			}
		}
	}
	if st.room == 0 || st.walk.Broken() {
		t.Fatalf("%d bytes", st.room)
	}
	// There is no more.
	room := st.room
	for a.Take(1 << 10) {
	}
	held := a.Used()
	st.walk.Next([]byte(`",`+strings.Repeat(`[`, 3000)), false)
	st.settle(&a)
	if times, _ := m.Missed(); times != 1 || st.room != 0 || a.Used() != held-int64(room) || !st.walk.Broken() {
		t.Errorf("missed %d times, %d bytes, charged for %d", times, st.room, a.Used())
	}
}

// TestPreface: the preface of HTTP/2, however it is cut, and what is none.
func TestPreface(t *testing.T) {
	const preface = wire.HTTP2Preface
	for text, want := range map[string]bool{preface: true, preface + "more": true, preface[:len(preface)-1]: false, "": false, "x" + preface: false, "PRI x" + preface: false, preface[:5] + preface: false} {
		for cut := range len(text) + 1 {
			var p prefaceState
			p.take([]byte(text[:cut]))
			p.take(nil)
			p.take([]byte(text[cut:]))
			if p.whole() != want {
				t.Errorf("%q cut at %d: %t", text, cut, p.whole())
			}
			p.take([]byte(preface))
			if ends := want || text == ""; p.whole() != ends {
				t.Errorf("%q cut at %d, and again: %t", text, cut, p.whole())
			}
		}
	}
}

// TestTally: names are counted, as many as there is room for.
func TestTally(t *testing.T) {
	var all tally
	for i := range mask.MaxNames - 1 {
		all.add(strconv.Itoa(1000 + i))
	}
	for _, name := range []string{"1000", "a", "b", "a", "c"} {
		all.add(name)
	}
	got := all.sorted()
	if len(got) != mask.MaxNames+1 || got[0] != (Count{"1000", 2}) || got[len(got)-2] != (Count{"a", 2}) || got[len(got)-1] != (Count{"other", 2}) {
		t.Errorf("%d names, %v … %v", len(got), got[0], got[len(got)-2:])
	}
	var x exchangeState
	var counted tally
	for range 2 {
		for i := range mask.MaxNames + 1 {
			x.note([]string{strconv.Itoa(1000 + i)}, &counted)
		}
	}
	if len(x.names) != mask.MaxNames || len(counted.sorted()) != mask.MaxNames || counted.sorted()[0].Exchanges != 1 {
		t.Errorf("%d names, %d counted", len(x.names), len(counted.sorted()))
	}
}

// TestCloseReason: of what a WebSocket is closed with, the code stays.
func TestCloseReason(t *testing.T) {
	r := newRules(nil, nil)
	for in, want := range map[string]string{"": "", "a": "a", "ab": "ab", "abc": "ab*", "abcdef": "ab*"} {
		got, names := coverReason(r, []byte(in), "x")
		if masktest.Bare(string(got)) != want || (names != nil) != (want != in) {
			t.Errorf("%q: got %q, %q", in, got, names)
		}
	}
}

// TestInTraits: what start lines in texts tell.
func TestInTraits(t *testing.T) {
	for s, want := range map[string]dockerapi.Traits{
		`"POST /auth HTTP/1.1"`: dockerapi.Login, "/auth": dockerapi.Login, `'/auth'`: dockerapi.Login, "x/auth": dockerapi.Login, "GET HTTP/auth": 0, "auth": 0, "": 0,
		"/containers/a/archive": dockerapi.TarRequest | dockerapi.TarResponse, "/libpod/kube/play": dockerapi.Hidden, "POST /auth x /secrets": dockerapi.Login | dockerapi.Data, "/a /session": dockerapi.Sealed,
	} {
		if got := traitsIn(s); got != want {
			t.Errorf("%s: got %b, want %b", s, got, want)
		}
	}
	for s, want := range map[string][3]string{`a "b" c`: {`a "`, "b", `" c`}, `"b"`: {`"`, "b", `"`}, `a "b" "c"`: {`a "`, `b" "c`, `"`}, `a "b`: {`a "b`, "", ""}, "a": {"a", "", ""}, `""`: {`"`, "", `"`}, "": {}} {
		before, quoted, after := cutQuoted(s, '"')
		if got := [3]string{before, quoted, after}; got != want {
			t.Errorf("%s: got %q, want %q", s, got, want)
		}
	}
}

// TestDetail: what anomalies quote, where nothing is hidden and where it is.
func TestDetail(t *testing.T) {
	r := newRules(nil, nil)
	for in, want := range map[string][3]string{ // masked, where it is hidden, and names
		`bad field "X-Api-Key: QQ"`:              {`bad field "X-Api-Key: *"`, `bad field "*"`, "x.headers.X-Api-Key"},
		`bad field "X-Api-Key \t:\tQQ \r\n"`:     {`bad field "X-Api-Key \t:\t*"`, `bad field "*"`, "x.headers.X-Api-Key"},
		`bad field "X-Api-Key QQ"`:               {`bad field "X-Api-Key *"`, `bad field "*"`, "x.headers.X-Api-Key"},
		`bad field "X-Api-Key"`:                  {"", `bad field "*"`, ""},
		`bad field "X-Api-Key "`:                 {"", `bad field "*"`, ""},
		`bad field "Host: a"`:                    {"", `bad field "*"`, ""},
		`folded " QQ"`:                           {`folded "*"`, `folded "*"`, "x.headers"},
		`folded "\tQQ"`:                          {`folded "*"`, `folded "*"`, "x.headers"},
		`folded " "`:                             {"", `folded "*"`, ""},
		`bad line ": QQ"`:                        {"", `bad line "*"`, ""},
		`bad line "(X-Api-Key: QQ"`:              {`bad line "(X-Api-Key: *"`, `bad line "*"`, "x.headers.X-Api-Key"},
		`bad target "GET /x?token=QQ HTTP/1.1"`:  {`bad target "GET /x?token=* HTTP/1.1"`, `bad target "*"`, "x.query.token"},
		`bad target "/x?session=QQ&a /y?pin=QQ"`: {`bad target "/x?session=*&a /y?pin=*"`, `bad target "*"`, "x.query.session x.query.pin"},
		`bad "ghp_QQQQQQQQQQQQQ"`:                {`bad "ghp_*"`, `bad "*"`, "x"},
		`bad target "/x?b=~c&pin=QQ"`:            {`bad target "/x?b=~c&pin=*"`, `bad target "*"`, "x.query.pin"},
		"/x?pin=QQ\n/y?pin=QQ":                   {"/x?pin=*\n/y?pin=*", "/x?pin=*\n/y?pin=*", "x.query.pin"},
		`bad "ghp_abc"`:                          {"", `bad "*"`, ""},
		`byte '\x01' in a name`:                  {"", `byte '*' in a name`, ""},
		`a 'b' "c" d`:                            {"", `a 'b' "*" d`, ""},
		"Cookie: QQ":                             {"Cookie: *", "Cookie: *", "x.headers.Cookie"},
		"x ghp_QQQQQQQQQQQQQ":                    {"x ghp_*", "x ghp_*", "x"},
		"no quotes":                              {"", "", ""},
		`bad "\q" ghp_QQQQQQQQQQQQQ`:             {`bad "\q" ghp_*`, `bad "*" ghp_QQQQQQQQQQQQQ`, "x"},
		`bad "é: \"pin=QQ\"" x`:                  {`bad "é: \"pin=*\"" x`, `bad "*" x`, "x.headers.pin"},
		"":                                       {"", "", ""},
	} {
		for i, secretive := range []bool{false, true} {
			wanted, wantNames := want[i], want[2]
			switch {
			case wanted == "":
				wanted, wantNames = in, ""
			case secretive && strings.ContainsAny(in, `"'`):
				wantNames = "x.body"
			}
			got, names := maskDetail(r, in, "x", secretive)
			if masktest.Encoded.ReplaceAllString(masktest.Bare(got), "*") != wanted || strings.Join(names, " ") != wantNames {
				t.Errorf("%s, hidden %t:\n got %s, %q\nwant %s, %s", in, secretive, got, names, wanted, wantNames)
			}
		}
	}
}

// TestMaskedDetail: what was masked before is left alone.
func TestMaskedDetail(t *testing.T) {
	const in = `bad "[masked 7 bytes]"`
	for _, secretive := range []bool{false, true} {
		if got, names := maskDetail(newRules(nil, nil), in, "x", secretive); got != in || names != nil {
			t.Errorf("hidden %t: got %s, %q", secretive, got, names)
		}
	}
}

// TestParts: parts of parts are looked into so deep, and what has no secret stays in
// its coding.
func TestParts(t *testing.T) {
	r := newRules(nil, nil)
	for depth := range maxDepth + 1 {
		m := typed{r: r, label: "x", whole: true, depth: depth}
		for range 2 {
			got, names := m.mask(media.Type{}, []byte(`{"password":"QQ","a":"ghp_QQQQQQQQQQQQQ"}`))
			shown := strings.Contains(string(got), `"QQ"`)
			if shown != (depth >= 5) || strings.Contains(string(got), "QQQ") || len(names) == 0 {
				t.Errorf("%d deep: %s, %q", depth, got, names)
			}
			if m.depth != depth {
				t.Errorf("%d deep: %d behind it", depth, m.depth)
			}
		}
	}
	const head = "--b\r\nContent-Disposition: form-data; name="
	in := head + "a\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n" + head + "token\r\n\r\nQQ\r\n" +
		head + "pin\r\nContent-Transfer-Encoding: base64\r\n\r\nUVE=\r\n" + head + "c\r\n\r\n{\"pin\":\"QQ\"}\r\n--b--\r\n"
	m := typed{r: r, label: "x", whole: true}
	out, names := m.mask(media.TypeOf("multipart/form-data; boundary=b"), []byte(in))
	got := masktest.Bare(string(out))
	if !strings.Contains(got, "\r\naGVsbG8=\r\n") || !strings.Contains(got, "token\r\n\r\n*\r\n") || !strings.Contains(got, `{"pin":"*"}`) || strings.Contains(got, "UVE=") || !strings.HasSuffix(got, "\r\n--b--\r\n") {
		t.Errorf("got %s", got)
	}
	if !slices.Equal(names, []string{"x.token", "x.pin"}) {
		t.Errorf("names %q", names)
	}
}

// TestHiddenMessages: which messages are masked whole, and by which name.
func TestHiddenMessages(t *testing.T) {
	tar := strings.Repeat("\x00", 257) + "ustar"
	const input, hides, sealed = dockerapi.Input, dockerapi.Hidden, dockerapi.Sealed
	for _, c := range []struct {
		known    dockerapi.Traits
		kind     wire.Kind
		dir      wire.Dir
		upgraded bool
		m        wire.Message
		want     string
	}{
		{kind: wire.KindRaw}, {kind: wire.KindText, dir: down}, {kind: wire.KindJSON}, {kind: wire.KindWebSocket, upgraded: true},
		{kind: wire.KindStdin, want: "request.stdin"}, {kind: wire.KindStdin, dir: down, want: "response.stdin"}, {kind: wire.KindStdout, dir: down},
		{known: sealed, kind: wire.KindRaw, want: "request.raw"}, {known: sealed, kind: wire.KindRaw, dir: down, want: "response.raw"}, {known: sealed, kind: wire.KindText, dir: down},
		{known: sealed, kind: wire.KindText, upgraded: true, want: "request.raw"}, {known: sealed, kind: wire.KindJSON, dir: down, upgraded: true, want: "response.raw"},
		{known: input, kind: wire.KindText, want: "request.stdin"}, {known: input, kind: wire.KindText, dir: down}, {known: input, kind: wire.KindJSON}, {known: input, kind: wire.KindRaw, upgraded: true, want: "request.stdin"},
		{known: input, kind: wire.KindJSON, m: wire.Message{Index: 1}, want: "request.stdin"}, {known: input | hides, kind: wire.KindJSON, want: "request.stdin"}, {known: input | hides, kind: wire.KindJSON, dir: down},
		{known: hides, kind: wire.KindJSON, want: "request.body"}, {known: hides, kind: wire.KindJSON, dir: down}, {known: hides, kind: wire.KindText, want: "request.body"}, {known: hides, kind: wire.KindRaw, dir: down},
		{known: dockerapi.Login, kind: wire.KindText, want: "request.body"}, {known: dockerapi.Data, kind: wire.KindRaw, dir: down, want: "response.body"}, {known: dockerapi.Data, kind: wire.KindJSON},
		{known: dockerapi.TarRequest, kind: wire.KindText, want: "request.body"}, {known: dockerapi.TarRequest, kind: wire.KindRaw, want: "request.body"}, {known: dockerapi.TarRequest, kind: wire.KindRaw, dir: down},
		{known: dockerapi.TarResponse, kind: wire.KindText, dir: down}, {known: dockerapi.TarResponse, kind: wire.KindRaw, dir: down, want: "response.body"}, {known: dockerapi.TarResponse, kind: wire.KindText},
		{known: dockerapi.TarRequest, kind: wire.KindRaw, upgraded: true}, {known: dockerapi.TarRequest, kind: wire.KindJSON},
		{kind: wire.KindRaw, m: wire.Message{Data: []byte(tar)}, want: "request.body"}, {kind: wire.KindRaw, dir: down, m: wire.Message{Data: []byte(tar)}, want: "response.body"},
		{kind: wire.KindText, m: wire.Message{Data: []byte(tar)}}, {kind: wire.KindRaw, upgraded: true, m: wire.Message{Data: []byte(tar)}},
	} {
		x := &exchangeState{upgraded: c.upgraded}
		c.m.Kind, c.m.Dir, c.m.Exchange = c.kind, c.dir, 1
		name, is := hidden(&connState{}, x, &c.m, c.known)
		if is != (c.want != "") || is && name != c.want {
			t.Errorf("%b, %s, direction %d, upgraded %t: got %s, %t, want %q", c.known, c.kind, c.dir, c.upgraded, name, is, c.want)
		}
		wasTar := is && c.known == 0 && len(c.m.Data) > 0
		if wasTar != (x.traits == tarOf(c.dir)) || !wasTar && x.traits != 0 {
			t.Errorf("%s, direction %d: learnt %b", c.kind, c.dir, x.traits)
		}
	}
	s := &connState{carrier: newCarrier(input)}
	for dir, want := range map[wire.Dir]string{up: "request.stdout", down: ""} {
		if name, is := hidden(s, &exchangeState{}, &wire.Message{Meta: wire.Meta{Dir: dir}, Kind: wire.KindStdout}, 0); is != (want != "") || is && name != want {
			t.Errorf("in what is typed, direction %d: got %s, %t", dir, name, is)
		}
	}
	s = &connState{}
	s.listen([]byte(wire.HTTP2Preface))
	for n, want := range []bool{true, false} {
		if _, is := hidden(s, &exchangeState{}, &wire.Message{Meta: wire.Meta{Exchange: n}, Kind: wire.KindRaw}, 0); is != want {
			t.Errorf("behind the preface, exchange %d: %t", n, is)
		}
	}
	if _, is := hidden(s, &exchangeState{}, &wire.Message{Kind: wire.KindText}, 0); is {
		t.Error("behind the preface a text is hidden")
	}
}

// TestStreams: texts in pieces, of forms, parts and JSON, and WebSockets.
func TestStreams(t *testing.T) {
	r := newRules(nil, nil)
	text := func(data string) *wire.Message {
		return &wire.Message{Meta: wire.Meta{Dir: down}, Kind: wire.KindText, Data: []byte(data)}
	}
	for _, c := range []struct {
		pieces, want string // with "|" between
		form, parts  bool
		name         string
	}{
		{pieces: `{"pin":"QQ|QQ"}|{"a":1}`, want: `{"pin":"*|*"}|{"a":1}`},
		{pieces: " \r\n|{\"pin\":\"QQ\"}", want: " \r\n|{\"pin\":\"*\"}"},
		{pieces: `a|{"env":{"key":"b"}}`, want: `a|{"env":{"key":"b"}}`},
		{pieces: `{"env":{"key":"QQ"}}`, want: `{"env":{"key":"*"}}`},
		{pieces: "token=QQ&a=b", want: "token=*&a=b", form: true},
		{pieces: "a=b&t|oken=QQ", want: "a=b&t|*", form: true},
		{pieces: "token: QQ\n|pin: QQ\nHost: a\n", want: "token: *\n|pin: *\nHost: a\n"},
		{pieces: "a token: b\n", want: "a token: b\n"},
		{pieces: "a token: QQ\n", want: "a token: *\n", parts: true},
		{pieces: "a token: b\n", want: "a token: b\n", parts: true, name: "a"},
		{pieces: "ghp_QQQQ|QQQQQQQQQ b", want: "ghp_*|* b"},
	} {
		st := &stream{}
		pieces, want := strings.Split(c.pieces, "|"), strings.Split(c.want, "|")
		for i, piece := range pieces {
			m := text(piece)
			m.Name = c.name
			got, names := st.mask(r, m, jsonmask.Where{}, c.form, c.parts)
			if masktest.Encoded.ReplaceAllString(masktest.Bare(string(got)), "*") != want[i] || (names != nil) != strings.Contains(want[i], "*") {
				t.Errorf("%q, form %t, parts %t: got %q, %q", piece, c.form, c.parts, got, names)
			}
			for _, name := range names {
				if !strings.HasPrefix(name, "response.body") {
					t.Errorf("%q: named %s", piece, name)
				}
			}
		}
	}
	for _, c := range []struct {
		opcode       byte
		pieces, want string // a piece with "…" behind it goes on
	}{
		{1, `{"pin":"QQ"}|{"pin":"QQ"}`, `{"pin":"*"}|{"pin":"*"}`},
		{2, ` [{"pin":"QQ"}]|token: QQ` + "\n", ` [{"pin":"*"}]|token: *` + "\n"},
		{1, `{"a" x-token: QQ` + "\n|a", `{"a" x-token: *` + "\n|a"},
		{1, "a ghp_QQQQ…|QQQQQQQQQ b", "a ghp_*|* b"},
		{1, "a…|{\"pin\":\"QQ\"", "a|{\"pin\":\"*\""},
		{9, `{"pin":"QQ"}`, `{"pin":"*"}`},
		{10, "token=QQ|a", "token=*|a"},
		{8, "ghp_QQQQQQQQQQQQQ|ghp_abc", "ghp_*|ghp_abc"},
	} {
		st := &stream{}
		want := strings.Split(c.want, "|")
		for i, piece := range strings.Split(c.pieces, "|") {
			data, truncated := strings.CutSuffix(piece, "…")
			m := &wire.Message{Meta: wire.Meta{Dir: down}, Kind: wire.KindWebSocket, Opcode: c.opcode, Data: []byte(data), Truncated: truncated}
			got, names := st.webSocket(r, m)
			if masktest.Encoded.ReplaceAllString(masktest.Bare(string(got)), "*") != want[i] || (names != nil) != strings.Contains(want[i], "*") {
				t.Errorf("%d %q: got %q, %q", c.opcode, piece, got, names)
			}
		}
	}
}

// TestCallStays: what a request asks for is told anew only if its target is.
func TestCallStays(t *testing.T) {
	call := wire.Call{Operation: "ContainerStart", Version: "1.41", Subject: "abc"}
	for target, want := range map[string]wire.Call{"/elsewhere": call, "/elsewhere?token=QQ": {Operation: "ContainerStart"}, "/v1.42/containers/b/start?token=QQ": {Operation: "ContainerStart", Version: "1.42", Subject: "b"}} {
		c := newConv()
		q := c.r.Event(&wire.Request{Meta: c.meta(1, up), Method: "POST", Target: target, Call: call, Fields: []wire.Field{{Name: "X-Api-Key", Value: "QQ"}}}).(*wire.Request)
		if q.Call != want || q.Fields[0].Value == "QQ" || strings.Contains(q.Target, "QQ") {
			t.Errorf("%s: got %+v", target, q)
		}
	}
}
