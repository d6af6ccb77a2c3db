package jsonmask

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/socktrace/socktrace/redact/internal/masktest"
)

// TestWords: what numbers and literals are, whole and cut.
func TestWords(t *testing.T) {
	for s, want := range map[string][2]word{
		"": {}, "-": {number, number}, "0": {number, number}, "9": {number, number}, "5.e": {number, number}, "+1": {}, ".5": {}, "x": {}, "T": {},
		"true": {literal, literal}, "false": {literal, literal}, "null": {literal, literal}, "True": {}, "truex": {}, "nulll": {}, "falsey": {},
		"t": {noWord, literal}, "tru": {noWord, literal}, "f": {noWord, literal}, "fals": {noWord, literal}, "n": {noWord, literal}, "nul": {noWord, literal}, "tx": {}, "nu1": {},
	} {
		if got := [2]word{wordOf([]byte(s), false), wordOf([]byte(s), true)}; got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
	for i := range 256 {
		c := string([]byte{byte(i)})
		text := func(inner string) bool {
			var w Walker
			w.Mask(newRules(), []byte(inner), "b", Where{}, true)
			return !w.Broken()
		}
		if got := text(`[1` + c + `1]`); got != strings.Contains("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+.,", c) {
			t.Errorf("%q in a number: %t", c, got)
		}
		for _, tokens := range []string{`{@"a"@:@[@1@,@{@}@]@,@"b"@:@true@}@`, `[@"a"@,@[@]@,@null@]@`} {
			if got := text(strings.ReplaceAll(tokens, "@", c)); got != strings.Contains(" \t\r\n", c) {
				t.Errorf("%q between the tokens of %s: %t", c, tokens, got)
			}
		}
		if got := text(`[1]` + c + strings.Repeat("]", strings.Count(c, "[")) + `{"a":1}`); got != strings.Contains(" \t\r\n\x1e-0123456789[", c) {
			t.Errorf("%q between texts: %t", c, got)
		}
		for _, text := range []string{"{", "[", ""} {
			if got := Begins([]byte(c + text)); got != (c == "{" || c == "[" || text != "" && strings.Contains(" \t\r\n\x1e", c)) {
				t.Errorf("%q before %s begins: %t", c, text, got)
			}
		}
	}
	if Begins(nil) {
		t.Error("nothing begins")
	}
}

// TestScripts: which words say that a script follows.
func TestScripts(t *testing.T) {
	for s, want := range map[string]bool{
		"-c": true, "-ec": true, "-lc": true, "-exc": true, "-exuc": false, "--c": false, "c": false, "-": false, "": false, "-x": false, "-cx": false, "xc": false, "/c": false, "CMD-SHELL": true, "CMD": false, "cmd-shell": false,
	} {
		if got := isShellFlag([]byte(s)); got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
}

// TestInWords: what is masked in words, variables and names, and what by.
func TestInWords(t *testing.T) {
	for in, want := range map[string][2]string{
		`{"cmd":["TOKEN=S b","A=b"]}`:                           {`{"cmd":["TOKEN=*","A=b"]}`, "x.cmd.TOKEN"},
		`{"cmd":["--db-token=S b","x"]}`:                        {`{"cmd":["--db-token=*","x"]}`, "x.cmd.db-token"},
		`{"cmd":["~TOKEN=S b"]}`:                                {`{"cmd":["~TOKEN=* b"]}`, "x.cmd.TOKEN"},
		`{"cmd":["--token","S b"]}`:                             {`{"cmd":["--token","*"]}`, "x.cmd"},
		`{"cmd":["sh","-c","TOKEN=S b"]}`:                       {`{"cmd":["sh","-c","TOKEN=* b"]}`, "x.cmd.TOKEN"},
		`{"cmd":["mysql","-c","-pS b","-pS b"]}`:                {`{"cmd":["mysql","-c","-p*","-p*"]}`, "x.cmd"},
		`{"test":["CMD-SHELL","mysql -pS b"]}`:                  {`{"test":["CMD-SHELL","mysql -p* b"]}`, "x.test"},
		`{"test":["CMD","mysql","-pS b"]}`:                      {`{"test":["CMD","mysql","-p*"]}`, "x.test"},
		`{"cmd":"x --token S"}`:                                 {`{"cmd":"x --token *"}`, "x.cmd"},
		`{"env":["TOKEN=S b","ghp_SSSSSSSSSSSSS","A=b"]}`:       {`{"env":["TOKEN=*","ghp_*","A=b"]}`, "x.env.TOKEN x.env"},
		`{"env":["A=x,token=S,b"]}`:                             {`{"env":["A=x,token=*,b"]}`, "x.env.token"},
		`{"env":["A=ghp_SSSSSSSSSSSSS"]}`:                       {`{"env":["A=ghp_*"]}`, "x.env"},
		`{"labels":{"my.token":"S","a":"x,token=S,b"}}`:         {`{"labels":{"my.token":"*","a":"x,token=*,b"}}`, "x.labels.my.token x.labels.a.token"},
		`{"labels":{"cmd":"x token=S,S b"}}`:                    {`{"labels":{"cmd":"x token=* b"}}`, "x.labels.cmd.token"},
		`{"labels":{"a":"'a token=' b 'c'","b":"'a' token=S"}}`: {`{"labels":{"a":"'a token=' b 'c'","b":"'a' token=*"}}`, "x.labels.b.token"},
		`{"cmd":"'a token=' b 'c'","onbuild":["'a token=' b 'c'"],"env":["A='a token=' b 'c'"]}`:   {`{"cmd":"'a token=' b 'c'","onbuild":["'a token=' b 'c'"],"env":["A='a token=' b 'c'"]}`, ""},
		`{"labels":{"a":"ghp_SSSSSSSSSSSSS"}}`:                                                     {`{"labels":{"a":"ghp_*"}}`, "x.labels.a"},
		`{"env":[{"name":"DB_PIN","value":"S"},{"name":"ghp_SSSSSSSSSSSSS","value":"b","a":"S"}]}`: {`{"env":[{"name":"DB_PIN","value":"*"},{"name":"ghp_*","value":"b","a":"S"}]}`, "x.env.value x.env.name"},
		`{"env":[{"value":"S","name":"A"}]}`:                                                       {`{"env":[{"value":"*","name":"A"}]}`, "x.env.value"},
		`{"tokens":{"a":"S","name":"b","id":"c"}}`:                                                 {`{"tokens":{"a":"*","name":"b","id":"c"}}`, "x.tokens.a"},
		`{"tokens":["S",{"name":"b"}]}`:                                                            {`{"tokens":["*",{"name":"b"}]}`, "x.tokens"},
		`{"token":["S",{"value":"S","name":"b"}]}`:                                                 {`{"token":["*",{"value":"*","name":"b"}]}`, "x.token x.value"},
		`{"password":{"S":["S"]},"a":"b"}`:                                                         {`{"password":{"*":["*"]},"a":"b"}`, "x.password"},
		`{"action":"x --token S","onbuild":["ENV TOKEN=S"]}`:                                       {`{"action":"x --token *","onbuild":["ENV TOKEN=*"]}`, "x.action x.onbuild.TOKEN"},
		`{"httpHeaders":{"X-Api-Key":"S","Host":"h"}}`:                                             {`{"httpHeaders":{"X-Api-Key":"*","Host":"h"}}`, "x.httpHeaders.X-Api-Key"},
		`{"code":["404","S"],"codes":["abc"]}`:                                                     {`{"code":["404","*"],"codes":["*"]}`, "x.code x.codes"},
		`{"httpHeaders":{"Host":"ghp_SSSSSSSSSSSSS"}}`:                                             {`{"httpHeaders":{"Host":"ghp_*"}}`, "x.httpHeaders.Host"},
		`{"plugins":{"token":["a"],"Log":["ghp_SSSSSSSSSSSSS"]}}`:                                  {`{"plugins":{"token":["a"],"Log":["ghp_*"]}}`, "x.Log"},
		`{"ghp_SSSSSSSSSSSSS":{"password":"S"}}`:                                                   {`{"ghp_*":{"password":"*"}}`, "x x.password"},
		`{"a":{"ghp\u005fSSSSSSSSSSSSS":1}}`:                                                       {`{"a":{"ghp\u005f*":1}}`, "x"},
		`{"code":"S","pin":"true","use_token":"true"}`:                                             {`{"code":"*","pin":"*","use_token":"true"}`, "x.code x.pin"},
		`{"token":"","password":"","a":"token: b\n"}`:                                              {`{"token":"","password":"","a":"token: b\n"}`, ""},
		`{"a":"b\ntoken: S"}`:                                                                      {`{"a":"b\ntoken: *"}`, "x.a.token"},
		`{"a":"\"password\": \"S\"","b":"{\"password\":\"S\"}"}`:                                   {`{"a":"\"password\": \"*\"","b":"{\"password\":\"*\"}"}`, "x.a.password x.b"},
		`{"a":"{\"password\":77}"}`:                                                                {`{"a":"{\"password\":\"*\"}"}`, "x.a"},
		`[["DB_TOKEN","S","b"],["a","ghp_SSSSSSSSSSSSS"]]`:                                         {`[["DB_TOKEN","*","b"],["a","ghp_*"]]`, "x"},
	} {
		// What is S is a secret.
		secret := strings.NewReplacer(`"S"`, `"QQ"`, "S b", "QQ b", "=S", "=QQ", " S", " QQ", "-pS", "-pQQ", ",S", ",QQ", "SSSSSSSSSSSSS", strings.Repeat("Q", 13), `\"S\"`, `\"QQ\"`).Replace(in)
		want[0] = strings.NewReplacer(`"a":"S"}`, `"a":"QQ"}`).Replace(want[0])
		got, names := new(Walker).Mask(newRules(), []byte(secret), "x", Where{}, true)
		if s := masktest.Bare(string(got)); s != want[0] || strings.Join(names, " ") != want[1] {
			t.Errorf("%s\n got %s, %q\nwant %s, %s", secret, s, names, want[0], want[1])
		}
	}
}

// TestBrokenText: what is no JSON is masked as text, in the same way in pieces.
func TestBrokenText(t *testing.T) {
	for in, want := range map[string][2]string{
		`x token=QQ,QQ y`:                 {`x token=* y`, "x.token"},
		`{"a":1} x token=QQ y`:            {`{"a":1} x token=* y`, "x.token"},
		"{} x\ntoken: QQ\nb":              {"{} x\ntoken: *\nb", "x.token"},
		"[] x ghp_QQQQQQQQQQQQQ y":        {"[] x ghp_* y", "x"},
		`{"password":"QQ"} ghp_x pin=QQ `: {`{"password":"*"} ghp_x pin=* `, "x.password x.pin"},
		`{"password":QQ "QQ" y`:           {`{"password":*`, "x"},
		`{"password":{"a" QQ`:             {`{"password":{"*" *`, "x.password x"},
	} {
		var w Walker
		got, names := w.Mask(newRules(), []byte(in), "x", Where{}, true)
		if masktest.Bare(string(got)) != want[0] || strings.Join(names, " ") != want[1] || !w.Broken() {
			t.Errorf("%s: got %s, %q", in, got, names)
		}
		for cut := range in {
			w.Start(newRules(), "x", Where{})
			first, _ := w.Next([]byte(in[:cut]), false)
			more, _ := w.Next([]byte(in[cut:]), true)
			if got := string(first) + string(more); strings.Contains(got, "QQQ") || strings.Contains(in, "password") && strings.Contains(got, "QQ ") || !w.Broken() {
				t.Errorf("%s cut at %d: %s", in, cut, got)
			}
		}
	}
}

// TestKept: how much is kept of a token that is cut, and of memory; and that a text
// leaves nothing behind for the next.
func TestKept(t *testing.T) {
	var w Walker
	for size, kept := range map[int]int{1: 1, 4095: 4095, 4096: 4096, 4097: 0} {
		w.Start(newRules(), "x", Where{})
		w.Next([]byte(`["`+strings.Repeat("x", size-1)), false)
		if got := len(w.reader.kept); got != kept || w.reader.long.on != (kept == 0) {
			t.Errorf("%d bytes of a string: %d are kept", size, got)
		}
		w.Next(nil, false)
		if out, _ := w.Next([]byte(`\`), false); string(out) != `\` || w.Broken() {
			t.Errorf("%d bytes of a string: then %s", size, out)
		}
		w.Next(nil, false)
		if out, names := w.Next([]byte(`"",{"token":"QQ"}]`), true); masktest.Bare(string(out)) != `"",{"token":"*"}]` || len(names) != 1 || w.Broken() {
			t.Errorf("%d bytes of a string: at its end %s, %q", size, out, names)
		}
	}
	// A number that is too long is none.
	for size, broken := range map[int]bool{4096: false, 4097: true} {
		w.Start(newRules(), "x", Where{})
		w.Next([]byte("["+strings.Repeat("7", size)), false)
		if w.Broken() != broken {
			t.Errorf("a number of %d digits: broken is %t", size, !broken)
		}
	}
	for _, before := range []string{`{"a":"` + strings.Repeat("x", 5000), `{"password":{`, `}x`, `{"password":"a"}x password="`, `{"secret":[[`, `{"name":"pin"`, `"abc`} {
		w.Start(newRules(), "y", Where{Login: true})
		w.Next([]byte(before), false)
		w.Start(newRules(), "x", Where{})
		out, names := w.Next([]byte(`{"a":"b","value":"c","token":"QQ"}`), true)
		if masktest.Bare(string(out)) != `{"a":"b","value":"c","token":"*"}` || strings.Join(names, " ") != "x.token" || w.Broken() {
			t.Errorf("behind %.20s: %s, %q", before, out, names)
		}
	}
	// What a key says that is longer is not known.
	w.Start(newRules(), "x", Where{})
	w.Next([]byte(`{"`+strings.Repeat("x", 5000)+"_token"), false)
	if out, names := w.Next([]byte(`_x":"b","token":"QQ"}`), true); masktest.Bare(string(out)) != `_x":"b","token":"*"}` || len(names) != 1 {
		t.Errorf("behind a long key: %s, %q", out, names)
	}
}

// TestPause: of what is not needed until the next piece little is kept, and the rest
// is counted.
func TestPause(t *testing.T) {
	var w Walker
	for in, want := range map[string][2]bool{ // whether memory for what was found, and for strings, is kept
		`[{"token":"QQ"},"a\nb","cut`:                               {true, true},
		`[` + strings.Repeat(`{"token":"QQ"},`, 60) + `"a\nb","cut`: {false, true},
		`[{"token":"QQ"},"a\n` + strings.Repeat("b", 1500) + `","c`: {true, false},
		`[[[{`: {},
	} {
		w = Walker{}
		w.Start(newRules(), "x", Where{})
		w.Next([]byte(in), false)
		need := w.Pause()
		p := &w.reader.piece
		if got := [2]bool{cap(p.found) > 0, cap(p.plain) > 0}; got != want || p.text != nil {
			t.Errorf("%.30s: memory is kept: %t", in, got)
		}
		if cap(p.found) > maxPaused/64 || cap(p.plain) > maxPaused {
			t.Errorf("%.30s: %d spans, %d bytes", in, cap(p.found), cap(p.plain))
		}
		if want := cap(w.reader.place.levels)*int(unsafe.Sizeof(level{})) + cap(w.reader.kept); need != want || need == 0 {
			t.Errorf("%.30s: %d bytes, want %d", in, need, want)
		}
	}
}

// TestHide: what follows is masked, by the name of the text, without memory.
func TestHide(t *testing.T) {
	var w Walker
	w.Start(newRules(), "x", Where{})
	w.Next([]byte(`{"a":["cut`), false)
	w.Hide()
	if !w.Broken() || w.Pause() != 0 {
		t.Errorf("broken is %t, %d bytes", w.Broken(), w.Pause())
	}
	for _, s := range []string{`b"`, `]}{"a":1}`} {
		if out, names := w.Next([]byte(s), false); masktest.Bare(string(out)) != "*" || strings.Join(names, " ") != "x" {
			t.Errorf("%s: got %s, %q", s, out, names)
		}
	}
}
