package filter_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/filter"
)

// wrong are expressions that are none, what is said of them, and where: before which
// text, with a mark if nothing follows it; "-" if it is about all.
var wrong = []struct{ text, says, at string }{
	{`statuss >= 400`, `unknown name statuss: did you mean status?`, "statuss"},
	{`opreation == "x"`, `unknown name opreation: did you mean operation?`, "opreation"},
	{`method == GET`, `unknown name GET (text stands in quotes: "GET")`, "GET"},
	{`Status == 1`, `unknown name Status: did you mean status?`, "Status"},
	{`operation == ContainerList`, `unknown name ContainerList (text stands in quotes: "ContainerList")`, "ContainerList"},
	{`headers["Host"] == "x"`, `unknown name headers: did you mean request.headers or response.headers?`, "headers"},
	{`jsn.Id == 1`, `unknown name jsn: did you mean request.json or response.json?`, "jsn"},
	{`request.jsn.Image == "x"`, `unknown name request.jsn: did you mean request.json?`, "jsn"},
	{`subject.nmae == "web"`, `unknown name subject.nmae: did you mean subject.name?`, "nmae"},
	{`client.cmdline == "x"`, `unknown name client.cmdline: client has pid, uid, name`, "cmdline"},
	{`request == nil`, `request is no value: name one of its fields, such as request.headers`, "request"},
	{`status == 1 or any(frames, client == #)`, `client is no value: name one of its fields, such as client.pid`, "client =="},
	{`$env["method"] == "x"`, `unknown name $env (text stands in quotes: "$env")`, "$env"},
	{`status`, `it is a number, not a condition: compare it with something`, "-"},
	{`method`, `it is text, not a condition: compare it with something`, "-"},
	{`frames`, `it is a list, not a condition: compare it with something`, "-"},
	{`duration`, `it is a duration, not a condition: compare it with something`, "-"},
	{`request.headers`, `it is a table, not a condition: compare it with something`, "-"},
	{`map(frames, left)`, `it is a list, not a condition: compare it with something`, "-"},
	{`len`, `it is a function, not a condition: compare it with something`, "-"},
	{`timezone("UTC")`, `it is *time.Location, not a condition: compare it with something`, "-"},
	{`path == request.headers[status]`, `lower() takes text, not a number`, "status"},
	{`status = 400`, `unexpected "=": == compares`, "= 400"},
	{`status == 1 & left`, `unexpected "&": write "and" and "or", or && and ||`, "& left"},
	{`status == 1 AND left`, `unexpected "AND": did you mean "and"?`, "AND"},
	{`path contain "x"`, `unexpected "contain": did you mean "contains"?`, "contain"},
	{`path startwith "x"`, `unexpected "startwith": did you mean "startsWith"?`, "startwith"},
	{`path endswith "x"`, `unexpected "endswith": did you mean "endsWith"?`, "endswith"},
	{`path matche "x"`, `unexpected "matche": did you mean "matches"?`, "matche"},
	{`left nto left`, `unexpected "nto": did you mean "not"?`, "nto"},
	{`left IN frames`, `unexpected "IN": did you mean "in"?`, "IN"},
	{`duration > 5 or subject == nil`, `a duration is compared with text such as "500ms" (duration_ms and ttfb_ms are numbers)`, "5"},
	{`contains(path, "x")`, `unexpected "contains": it stands between two values`, "contains"},
	{`status == 1 )`, `unexpected ")"`, ")"},
	{`status >= 400 and`, `it ends where something has to follow`, "d!"},
	{`(status >= 400`, `missing )`, "0!"},
	{`any(frames, # contains "]\")"`, `missing )`, `"!`},
	{`status in [1, 2`, `missing ]`, "2!"},
	{`any(frames, {# == "(" `, `missing }`, ` !`},
	{`(status >= `, `it ends where something has to follow`, " !"},
	{`(left and`, `it ends where something has to follow`, "d!"},
	{``, `an empty expression`, "-"},
	{" \n", `an empty expression`, "-"},
	{`operation == "ContainerCreat"`, `"ContainerCreat": no operation is called so: did you mean ContainerCreate?`, `"Con`},
	{`left and "ImagePull" != operation`, `"ImagePull": no operation is called so: did you mean ImageCreate (docker pull)?`, `"Im`},
	{`operation in ["SystemPing", "xyz"]`, `"xyz": no operation is called so`, `"xyz`},
	{`state == "opened"`, `"opened": no state is called so: did you mean open?`, `"op`},
	{`not (state in ["done", "finished"])`, `"finished": no state is called so: there are done, open, aborted, partial`, `"fin`},
	{`subject.type == "Container"`, `"Container": no type is called so: did you mean container?`, `"Con`},
	{`container == "web"`, `no field is called container: --container web shows what touches it, subject.name is what an exchange is about`, "container"},
	{`"busybox" in text`, `in looks into lists and tables: did you mean text contains "busybox"?`, "in"},
	{`"x" in request.body`, `in looks into lists and tables: did you mean request.body contains "x"?`, "in"},
	{`method == "GET`, `text without its closing quote`, "!"},
	{`status >= "400"`, `>= cannot have a number and text on its sides`, ">="},
	{`not status`, `not cannot have a number behind it`, "not"},
	{`request.headers == "x"`, `== cannot have a table and text on its sides`, "=="},
	{`left > 1`, `> cannot have a condition and a number on its sides`, ">"},
	{`duration > 500`, `a duration is compared with text such as "500ms" (duration_ms and ttfb_ms are numbers)`, "500"},
	{`1.5 < ttfb`, `a duration is compared with text such as "500ms" (duration_ms and ttfb_ms are numbers)`, "1.5"},
	{`duration > 500ms`, `"500m" is no number (text stands in quotes, also that of a duration: "500ms")`, "ms!"},
	{`duration > "5 seconds"`, `"5 seconds" is no duration such as "500ms", "2s" or "1m30s"`, `"5 s`},
	{`duration("x") < duration and foo == 1`, `"x" is no duration such as "500ms", "2s" or "1m30s"`, `"x"`},
	{`now() > now()`, `unknown name now (text stands in quotes: "now")`, "now"},
	{`duration(1) < duration`, `duration() takes text such as "500ms"`, "duration(1"},
	{`path matches "("`, "wrong regular expression: missing closing ): `(`", "matches"},
	{`status in ["a"]`, `a number is never in a list of text`, "in"},
	{`"a" in status`, `in cannot have text and a number on its sides`, "in"},
	{`method.size > 1`, `text has no field size`, "size"},
	{`len(status) == 1`, `len() cannot take a number`, "len"},
	{`upper(status) == "X"`, `upper() takes text, not a number`, "status"},
	{`date("2026-01-01") == 1`, `== cannot have a time and a number on its sides`, "=="},
	{`left == request.json or nil > status`, `> cannot have anything and a number on its sides`, ">"},
	{`any(status, # == 1)`, `any() takes a list, not a number`, "status"},
	{`any(frames, # + "x")`, `a condition is wanted, not text`, `# +`},
	{`any(frames, len(#))`, `a condition is wanted, not a number`, "len"},
	{`lenn(path) == 1`, `unknown name lenn: did you mean len?`, "lenn"},
	{"status == 1\r\nand foo == 2\nor left", `unknown name foo (text stands in quotes: "foo")`, "foo"},
}

// TestErrors has each say what is wrong and point at the place.
func TestErrors(t *testing.T) {
	for _, w := range wrong {
		_, err := filter.Compile(w.text)
		var e *filter.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", w.text, err)
			continue
		}
		if err.Error() != w.says {
			t.Errorf("%q: says\n%s, want\n%s", w.text, err, w.says)
		}
		if w.at == "-" {
			if e.Line != "" {
				t.Errorf("%q: is about %q", w.text, e.Line)
			}
			continue
		}
		got, ok := rest(e)
		whole, isWhole := strings.CutSuffix(w.at, "!")
		if !ok || isWhole && got != whole || !strings.HasPrefix(got, whole) {
			t.Errorf("%q: points at %q, want %q", w.text, got, w.at)
		}
	}
}

// rest returns the line of an error from its column on.
func rest(e *filter.Error) (string, bool) {
	line := []rune(e.Line)
	if e.Column < 0 || e.Column > len(line) || strings.Contains(e.Line, "\n") {
		return "", false
	}
	return string(line[e.Column:]), true
}
