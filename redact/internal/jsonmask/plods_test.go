package jsonmask

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// both masks texts in one go, with what is known of texts before, and plods through them:
// what comes out is the same.
type both struct{ goes, plods *text.Rules }

func newBoth(given ...string) both {
	marks := mask.NewMarks([]byte("test"))
	goes, plods := text.NewRules(name.NewGiven(given), marks), text.NewRules(name.NewGiven(given), marks)
	return both{&goes, &plods}
}

// compare masks b, cut in places that seed says, where flags says.
func (r both) compare(t *testing.T, b []byte, seed uint64, flags uint8) {
	t.Helper()
	in := Where{Login: flags&7 == 7, Data: flags&8 != 0, Maybe: flags&16 != 0, Pairs: flags&32 != 0, Texts: flags&7 == 6, Unknown: flags&7 == 5}
	if flags&7 == 4 {
		in.Values = [][]byte{[]byte("web")}
	}
	if flags&7 == 3 {
		in.Whole = []string{"aux", "Id"}
	}
	var goes, plods Walker
	goes.Start(r.goes, "b", in)
	plods.Start(r.plods, "b", in)
	plods.reader.place.plods = true
	rnd := rand.New(rand.NewPCG(seed, 1))
	for from := 0; ; {
		to := len(b)
		if seed != 0 && from < len(b) {
			to = min(len(b), from+1+len(b)/200+rnd.IntN(1+rnd.IntN(1+int(min(seed, 10_000)))))
		}
		last := to == len(b) && flags&64 == 0
		got, names := goes.Next(b[from:to], last)
		want, wanted := plods.Next(b[from:to], last)
		if !bytes.Equal(got, want) || !slices.Equal(names, wanted) || goes.Broken() != plods.Broken() {
			t.Fatalf("%q, [%d:%d], %+v:\n got %q %q, broken %t\nwant %q %q, broken %t", b, from, to, in, got, names, goes.Broken(), want, wanted, plods.Broken())
		}
		for i := range goes.reader.place.levels {
			g, p := &goes.reader.place.levels[i], &plods.reader.place.levels[i]
			couple := i > 0 && !p.object && !plods.reader.place.levels[i-1].object
			calm := p.key == 0 && !p.secret && !couple && !in.Login && !in.Unknown && in.Whole == nil && !in.Texts && in.Values == nil
			if g.calm != calm || g.object != p.object || g.secret != p.secret || g.shown != p.shown || g.key != p.key || !bytes.Equal(g.called, p.called) || !bytes.Equal(g.name, p.name) {
				t.Fatalf("%q, [:%d], %+v, level %d:\n got %+v\nwant %+v, calm %t", b, to, in, i, g, p, calm)
			}
		}
		if from = to; from == len(b) {
			break
		}
	}
	if goes.Pause() != plods.Pause() && cap(goes.reader.place.levels) == cap(plods.reader.place.levels) {
		t.Fatalf("%q: %d bytes are needed, or %d", b, goes.Pause(), plods.Pause())
	}
}

// texts are such as Docker has, with secrets and without, whole and broken.
func texts() (all []string) {
	for _, token := range masktest.Tokens {
		all = append(all, `{"a":1,"b":`+strconv.Quote(token.In)+`,"c":["x",`+strconv.Quote(token.In)+`],"Labels":{"d":`+strconv.Quote(token.In)+`}}`)
	}
	for _, s := range masktest.Almost {
		all = append(all, `{"a":"`+s+`","b":"c"}`, `{"`+s+`":"`+s+`"}`, `[{"a":"b","Labels":{"a":`+strconv.Quote(s)+`}},`+s+`]`)
	}
	return append(all,
		`[{"Id":"80805340dce5e1191e014b31436c33f8","Names":["/c0"],"State":"running","SizeRw":268470398,"Labels":{"a.b/c":"\u00e9 \"q\"","pass\u0077ord":"S3CR3T"}},{"Id":"","State":null,"x":-1.5e3,"y":true}]`,
		`{"a":1,"b":"c","password":"S3CR3T","d":"e","Env":["A=b","DB_PASSWORD=S3CR3T"],"Cmd":["x","--token","S3CR3T"]}`,
		`{"a":"b","c":tru,"password":"S3CR3T"}`, `{"a":"b""c":1}`, `{"a":"b",,"c":1}`, `{"a":"b","c":1}}`, `{"a":"b","c":1]`, `{"a" : "b" , "c" : 1 }`, `{"a":}`, `{"a":"b",}`,
		`{"a":"\u001b[","b":"mAKIA7777777777777777","c":"nAKIA7777777777777777"}`, `{"a":"://u:p@h","b":"nAKIA7777777777777777","Labels":{"x":"nAKIA7777777777777777"}}`,
		`{"name":"DB_PASSWORD","x":"y","value":"S3CR3T"}`, `{"value":"S3CR3T","x":1,"name":"pin"}`, `[["pin","S3CR3T"],["a",{"b":"c"}]]`, `[[[["pin","S3CR3T"]]]]`,
		`{"a":{"b":{"c":[{"d":"e","auth":{"f":"S3CR3T","g":1}}]}},"h":"i"}{"j":"k"}`+"\n"+`{"l":"m"}`, `{"a":12345`, `{"a":"b`, `{"a":"b","c`, `{"a":"b\`, `{"5:len":"x","!rest":"y","aux":"z"}`,
		`{"Labels":{"a":"{\"password\":\"S3CR3T\"}","b":"x\ny: z","c":"x --password S3CR3T","d":"x --token\u0020S3CR3T"},"Command":"x --password S3CR3T","message":"token=S3CR3T \"q\""}`,
		`{"Labels":{"a":"a web b","b":"\"web\""},"message":"x web y z","c":"\"web\" x"}`, `[[{"a":[["b",{"pin":["c",{"d":[`, `{"a":[{"secret":{"b":{"c":[["d",{"e":`, `{"aux":{"a":{"b":[{"c":`,
		`{"a":"x\npassword: S3CR3T\n","b":"\"password\": \"S3CR3T\""}`, `{"`+strings.Repeat("k", 200)+`":"`+strings.Repeat("v", 5000)+`","password":"S3CR3T"}`,
	)
}

// TestPlods compares on texts whole, cut and repeated, as what is said again is known.
func TestPlods(t *testing.T) {
	r, given := newBoth(), newBoth("Id", "a.b/c", "x")
	for range 2 {
		for _, s := range texts() {
			for _, flags := range []uint8{0, 3, 4, 5, 6, 7, 8, 16, 32, 64} {
				for _, seed := range []uint64{0, 7, 100} {
					r.compare(t, []byte(s), seed, flags)
				}
				given.compare(t, []byte(s), 0, flags)
			}
		}
	}
}

// TestPlodsAnywhere cuts texts at each place, and takes each byte away from them.
func TestPlodsAnywhere(t *testing.T) {
	r := newBoth()
	for _, s := range texts() {
		if len(s) > 1000 {
			continue
		}
		for i := range s {
			r.compare(t, []byte(s[:i]), 0, 0)
			r.compare(t, []byte(s[i:]), 0, 0)
			r.compare(t, []byte(s[:i]+s[i+1:]), 0, 0)
			r.compare(t, []byte(s[:i]+`"`+s[i:]), 0, 64)
		}
	}
}

// FuzzPlods compares on any bytes, cut anywhere.
func FuzzPlods(f *testing.F) {
	for i, s := range texts() {
		f.Add([]byte(s), uint64(i%5), uint8(i))
	}
	r, given := newBoth(), newBoth("a", "Id", "q")
	f.Fuzz(func(t *testing.T, b []byte, seed uint64, flags uint8) {
		r.compare(t, b, seed, flags)
		if flags&128 != 0 {
			given.compare(t, b, seed, flags)
		}
		r.compare(t, b, 0, flags)
	})
}
