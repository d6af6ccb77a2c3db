package http1

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// TestFields reads field lines: what is in them, and where they are wrong.
func TestFields(t *testing.T) {
	for _, c := range []struct{ s, want string }{
		{"A: b\r\n\r\n", `"A"="b" "A: b"`},
		{"A:b\r\nC:\t d \t\r\n\r\n", `"A"="b" "A:b", "C"="d" "C:\t d \t"`},
		{"A: b\nC: d\r\n\r\n", `"A"="b" "A: b", "C"="d" "C: d"; 0 bare-lf "\"A: b\""`},
		{"C: d\r\nA: b\n\n", `"C"="d" "C: d", "A"="b" "A: b"; 6 bare-lf "\"A: b\"", 11 bare-lf "\"\""`},
		{"A: b\r\n c\r\n\td \r\nE: f\r\n\r\n", `"A"="b c d" "A: b\r\n c\r\n\td ", "E"="f" "E: f"; 6 obsolete-fold "\" c\"", 10 obsolete-fold "\"\\td \""`},
		{"A:\r\n b\r\n\r\n", `"A"="b" "A:\r\n b"; 4 obsolete-fold "\" b\""`},
		{"A: b\r\n c\r\n(: d\r\n e\r\n\r\n", `"A"="b c" "A: b\r\n c", "("="d e" "(: d\r\n e"; 6 obsolete-fold "\" c\"", 10 bad-field "\"(: d\"", 16 obsolete-fold "\" e\""`},
		{" b: c\r\n\r\n", `" b"="c" " b: c"; 0 bad-field "\" b: c\""`},
		{"A : b\r\n\r\n", `"A"="b" "A : b"; 0 space-before-colon "\"A : b\""`},
		{"A\t: b\r\n\r\n", `"A"="b" "A\t: b"; 0 space-before-colon "\"A\\t: b\""`},
		{": b\r\n\r\n", `""="b" ": b"; 0 bad-field "\": b\""`},
		{"A \r\nB: c\r\n\r\n", `""="A" "A ", "B"="c" "B: c"; 0 bad-field "\"A \""`},
		{"A: b", `"A"="b" "A: b"`},
		{"A: b\r", `"A"="b\r" "A: b\r"; 0 bad-field "\"A: b\\r\""`},
		{"A: b\x01\r\n\r\n", `"A"="b\x01" "A: b\x01"; 0 bad-field "\"A: b\\x01\""`},
		{"A: b\x7f\r\n\r\n", `"A"="b\x7f" "A: b\x7f"; 0 bad-field "\"A: b\\x7f\""`},
		{"A: b\tc\r\n\r\n", `"A"="b\tc" "A: b\tc"`},
		{"A: b\xff\r\n\r\n", `"A"="b\xff" "A: b\xff"`},
		{"A: b\r\n\r\nC: d", `"A"="b" "A: b"`},
		{"", ""},
	} {
		for _, fields := range [][]wire.Field{nil, make([]wire.Field, 0, 9)} {
			fields, faults := parseFields(c.s, 0, fields, nil)
			if got := told(fields, faults); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.s, got, c.want)
			}
		}
	}
	fields, faults := parseFields("A: b\r\nC\r\n", 7, []wire.Field{{Name: "X"}}, []fault{newFault(0, "known", "x")})
	if got, want := told(fields, faults), `"X"="" "", "A"="b" "A: b", ""="C" "C"; 0 known "\"x\"", 13 bad-field "\"C\""`; got != want {
		t.Errorf("behind others:\ngot  %s\nwant %s", got, want)
	}
}

func told(fields []wire.Field, faults []fault) string {
	var lines, wrong []string
	for _, f := range fields {
		lines = append(lines, fmt.Sprintf("%q=%q %q", f.Name, f.Value, f.Line))
	}
	for _, f := range faults {
		wrong = append(wrong, fmt.Sprintf("%d %s %q", f.at, f.Code, f.Detail))
	}
	s := strings.Join(lines, ", ")
	if len(wrong) > 0 {
		s += "; " + strings.Join(wrong, ", ")
	}
	return s
}

// TestPlainField reads with any byte anywhere in a line the same in one pass as by
// the way of all others.
func TestPlainField(t *testing.T) {
	for c := range 256 {
		for _, form := range []string{"%sA: b", "A%sB: c", "A%s: b", "A:%sb", "A: b%sc", "A: b%s", "%s", "%s:"} {
			line := fmt.Sprintf(form, string([]byte{byte(c)}))
			if strings.Contains(line, "\n") {
				continue
			}
			want, code := parseField(line)
			colon, end := plainField(line + "\r\n")
			plain := code == "" && !strings.Contains(line, "\t") // a tab is rare
			if (end == len(line)) != plain || end != 0 && (line[:colon] != want.Name || trimOWS(line[colon+1:]) != want.Value) {
				t.Errorf("%q: in one pass %d, %d; else %+v, %q", line, colon, end, want, code)
			}
			for _, e := range []string{"", "\r", "\n", "\n\r", "\r\r"} {
				if _, end := plainField(line + e); end != 0 && c != '\r' {
					t.Errorf("%q is plain", line+e)
				}
			}
		}
	}
}

func TestFraming(t *testing.T) {
	names := []string{"none", "sized", "chunked", "close", "tunnel", "upgrade", "broken"}
	const te, cl = "Transfer-Encoding: ", "Content-Length: "
	for _, c := range []struct {
		version, fields   string
		request, response string
		promised          int64 // where there must be no body
	}{
		{"1.1", "", "none 0", "close 0", 0},
		{"1.1", cl + "0", "none 0", "none 0", 0},
		{"1.1", cl + "5", "sized 5", "sized 5", 5},
		{"1.1", cl + "5, 5", "sized 5", "sized 5", 5},
		{"1.1", cl + "0\n" + cl + "0", "none 0", "none 0", 0},
		{"1.1", cl + "0, 5", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", cl + "5, 6", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", cl + "-5", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", cl, "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", cl + "0x5", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", cl + "9223372036854775807", "sized 9223372036854775807", "sized 9223372036854775807", math.MaxInt64},
		{"1.1", cl + "9223372036854775807, 9223372036854775807", "sized 9223372036854775807", "sized 9223372036854775807", math.MaxInt64},
		{"1.1", cl + "9223372036854775808", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", cl + "9223372036854775808, 9223372036854775808", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", te + "chunked", "chunked 0", "chunked 0", 0},
		{"1.1", te + "CHUNKED; x=y", "chunked 0", "chunked 0", 0},
		{"1.1", te + "gzip, identity, , chunked", "chunked 0 (gzip)", "chunked 0 (gzip)", 0},
		{"1.1", te + "deflate, gzip", "broken 0 (deflate, gzip) bad-transfer-coding", "close 0 (deflate, gzip)", 0},
		{"1.1", te + "chunked, gzip", "broken 0 (chunked, gzip) bad-transfer-coding", "close 0 (chunked, gzip)", 0},
		{"1.1", te + "identity", "none 0 bad-transfer-coding", "close 0 bad-transfer-coding", 0},
		{"1.1", te + "identity\n" + cl + "5", "sized 5 bad-transfer-coding", "sized 5 bad-transfer-coding", 5},
		{"1.1", te + "identity\n" + cl + "x", "broken 0 bad-content-length", "close 0 bad-content-length", 0},
		{"1.1", te + "chunked\n" + cl + "5", "chunked 0 both-lengths", "chunked 0 both-lengths", 5},
		{"1.1", te + "gzip\n" + cl + "5", "broken 0 (gzip) bad-transfer-coding", "close 0 (gzip) both-lengths", 5},
		{"1.0", te + "chunked", "chunked 0 bad-transfer-coding", "chunked 0 bad-transfer-coding", 0},
		{"1.0", te + "chunked\n" + cl + "5", "chunked 0 bad-transfer-coding", "chunked 0 bad-transfer-coding", 5},
	} {
		fields, _ := parseFields(strings.ReplaceAll(c.fields, "\n", "\r\n")+"\r\n", 0, nil, nil)
		tell := func(f framed) string {
			s := fmt.Sprint(names[f.framing], " ", f.length)
			if f.codings != "" {
				s += " (" + f.codings + ")"
			}
			return strings.TrimSpace(s + " " + f.fault.Code)
		}
		if got := tell(requestFraming(&wire.Request{Version: "HTTP/" + c.version}, fields)); got != c.request {
			t.Errorf("request with %q: got %s, want %s", c.fields, got, c.request)
		}
		for _, status := range []int{200, 404, 299, 300, 99} {
			r := &wire.Response{Version: "HTTP/" + c.version, Status: status}
			if got := tell(responseFraming(r, fields, "GET", dockerapi.Call{})); got != c.response {
				t.Errorf("response %d with %q: got %s, want %s", status, c.fields, got, c.response)
			}
			want := c.response
			if status/100 == 2 {
				want = "tunnel 0"
			}
			if got := tell(responseFraming(r, fields, "CONNECT", dockerapi.Call{})); got != want {
				t.Errorf("answer %d to CONNECT with %q: got %s, want %s", status, c.fields, got, want)
			}
		}
		for status, method := range map[int]string{200: "HEAD", 204: "GET", 304: "GET", 100: "GET", 199: "GET", 102: "CONNECT"} {
			r := &wire.Response{Version: "HTTP/" + c.version, Status: status}
			if got, want := tell(responseFraming(r, fields, method, dockerapi.Call{})), fmt.Sprint("none ", c.promised); got != want {
				t.Errorf("answer %d to %s with %q: got %s, want %s", status, method, c.fields, got, want)
			}
		}
		if got := tell(responseFraming(&wire.Response{Status: 101}, fields, "HEAD", dockerapi.Call{})); got != "upgrade 0" {
			t.Errorf("101 with %q: got %s", c.fields, got)
		}
	}
}

// TestRefusedPlain: who sends plain HTTP to a server of TLS in Go gets a text, whatever it
// asks for.
func TestRefusedPlain(t *testing.T) {
	refusal := &wire.Response{Version: "HTTP/1.0", Status: 400} // of a server of TLS
	if got := responseFraming(refusal, nil, "HEAD", dockerapi.Call{}).framing; got != framingClose {
		t.Errorf("plain HTTP to a server of TLS: framing %d", got)
	}
	if got := responseFraming(refusal, []wire.Field{{Name: "Server"}}, "HEAD", dockerapi.Call{}).framing; got != framingNone {
		t.Errorf("another 400 to HEAD: framing %d", got)
	}
}
