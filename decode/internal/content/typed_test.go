package content

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
)

// TestBodies decodes bodies by their types and what they begin with, however they are
// cut.
func TestBodies(t *testing.T) {
	binary := "\x00" + strings.Repeat("b", 99)
	multi := func(inside string) string { return "--b\r\n\r\n" + inside + "\r\n--b--\r\n" }
	for _, c := range []struct{ typ, body, want string }{
		{"", "", "found text "},
		{"", `{"a":1}`, `found json ; json 7 "{\"a\":1}"`},
		{"", "some text of its own", `found text ; text 20 "some text of its own"`},
		{"", "some text\x00", `found binary `},
		{"", "short", `found text ; text 5 "short"`},
		{"", "\x00", `found binary `},
		{"text/plain", "short", `found text ; text 5 "short"`},
		{"text/html", "<\x00", `found text ; text 1 "<"; found binary `},
		{"text/html", "<p>\x00x", `found text ; text 3 "<p>"; found binary `},
		{"application/x-what", "some text of its own", `found text ; text 20 "some text of its own"`},
		{"application/x-what", strings.Repeat("t", 511) + "\x00", `found binary `},
		{"application/x-what", strings.Repeat("t", 512) + "\x00", `found text ; text 512 "tttttttttttttttttttttttttttttttttttttttt" of 512; found binary `},
		{"image/png", "some text of its own", `found binary `},
		{"application/zip", "some text of its own", `found binary `},
		{"application/json", "true", `found json ; json 4 "true"`},
		{"application/json", " null", `found json ; json 4 "null"`},
		{"application/json", "nul", `found json ; json 3 "nul"`},
		{"application/json", "nope", `0 bad-json a value cannot begin with 'n'; found text ; text 4 "nope"`},
		{"application/json", "-1", `found json ; json 2 "-1"`},
		{"application/json", `"a"`, `found json ; json 3 "\"a\""`},
		{"application/json", "<p>", `0 bad-json a value cannot begin with '<'; found text ; text 3 "<p>"`},
		{"application/json", "\x00", `0 bad-json a value cannot begin with '\x00'; found binary `},
		{"application/json; charset=utf-16le", "{\x00}\x00", `found json ; json 2 "{}"`},
		{"application/json; charset=utf-16", "{}", `0 mislabelled charset=utf-16: it is not; found json ; json 2 "{}"`},
		{"application/json; charset=what", "{}", `0 mislabelled charset=what: there is none of this name; found json ; json 2 "{}"`},
		{"text/plain; charset=utf-16", "a\x00b\x00", `found text ; text 2 "ab"`},
		{"text/plain; charset=utf-16", "\x00a\x00b", `found text ; text 2 "ab"`},
		{"text/plain; charset=latin1", "caf\xe9", `found text ; text 5 "café"`},
		{"text/plain; charset=latin1", "café", `0 mislabelled charset=latin1: it is UTF-8; found text ; text 5 "café"`},
		{"text/plain; charset=latin1", "cafe", `found text ; text 4 "cafe"`},
		{"text/plain; charset=latin1", "caf\xc3", `found text ; text 5 "cafÃ"`},
		{"text/plain; charset=latin1", "\xef\xbb\xbfcafe", `found text ; text 7 "\ufeffcafe"`},
		{"text/plain; charset=latin1", "\xff\xfea\x00", `0 mislabelled charset=latin1: it is utf-16le; found text ; text 1 "a"`},
		{"text/plain", "\xff\xfea\x00", `found text ; text 1 "a"`},
		{"text/plain", "\xef\xbb\xbftext", `found text ; text 7 "\ufefftext"`},
		{"text/plain", "\xef\xbb\xbf{}", `found json ; json 2 "{}"`},
		{"text/plain", ")]}'\n{\"a\":1} x", `found json ; text 4 ")]}'"; json 7 "{\"a\":1}"; text 1 "x"`},
		{"text/javascript", "cb({\"a\":1});", `found json ; text 3 "cb("; json 7 "{\"a\":1}"; text 2 ");"`},
		{"text/javascript", "/*\xe2\x82\xac*/ [1]", `found json ; text 7 "/*€*/"; json 3 "[1]"`},
		{"application/x-www-form-urlencoded", "a=b&c=%7B%7D", `found text ; text 1 a "b"; json 2 c "{}"`},
		{"multipart/mixed; boundary=b", multi("text"), `found parts ; text 4 "text"`},
		{"multipart/mixed; boundary=b", multi(binary), `found parts ; raw 100 "\x00bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" of 64 cut`},
		{"multipart/mixed; boundary=b", multi(""), `found parts `},
		{"multipart/mixed; boundary=b", "--b\r\nContent-Transfer-Encoding: base64\r\n\r\ndGV4dA==é\r\n--b--\r\n", `found parts ; text 35 "Content-Transfer-Encoding: base64\r\n"; text 4 "text"`},
		{"application/grpc-web-text+json", "AAAAAAd7ImEiOjF9é", `found parts ; json 7 "{\"a\":1}"`},
		{"application/grpc-web-text+json", "AAAAAAd7ImEiOjF9gAAAAA9ncnBjLXN0YXR1czowDQo=", `found parts ; json 7 "{\"a\":1}"; text 15 "grpc-status:0\r\n"`},
		{"multipart/mixed; boundary=b", "no parts", `0 mislabelled multipart/mixed: it is not; found text ; text 8 "no parts"`},
	} {
		for n, pieces := range cuts(c.body) {
			if len(c.body) > 200 && n > 5 {
				break
			}
			b := NewBody(media.TypeOf(c.typ), limits, nil)
			if got := play(b, Ended, pieces...); got != c.want {
				t.Errorf("%s %q in %d pieces:\ngot  %s\nwant %s", c.typ, c.body, len(pieces), got, c.want)
				break
			}
		}
	}
}

// TestPartsOfParts takes parts apart that are in others, but not without end.
func TestPartsOfParts(t *testing.T) {
	for depth, want := range map[int]string{
		1: `; text 5 "core!"`, 4: `; text 5 "core!"`,
		5: `; text 23 "--b0\r\n\r\ncore!\r\n--b0--\r\n"`,
	} {
		body, typ := "core!", ""
		for n := range depth {
			head := ""
			if typ != "" {
				head = "Content-Type: " + typ + "\r\n"
			}
			body = fmt.Sprintf("--b%d\r\n%s\r\n%s\r\n--b%d--\r\n", n, head, body, n)
			typ = fmt.Sprintf("multipart/mixed; boundary=b%d", n)
		}
		if got := play(NewBody(media.TypeOf(typ), limits, nil), Ended, body); !strings.HasSuffix(got, want) {
			t.Errorf("%d deep: got %s, want %s", depth, got, want)
		}
	}
}

// TestLeadInPieces has text before JSON come in pieces at different times: each
// piece that is told is whole characters.
func TestLeadInPieces(t *testing.T) {
	r := &recorder{now: NewBody(media.Type{}, limits, nil)}
	for n, p := range []string{"/*a\xe2\x82", "\xacb\xe2", "\x82\xac*/{", "}"} {
		r.now.Write(r, window.Place{Off: int64(n), Time: time.Unix(int64(n), 0)}, []byte(p))
	}
	r.now.Close(r, Ended)
	if got, want := strings.Join(r.pieces, "|"), "/*a|€b|€*/|{}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBeginning tells how binary parts begin.
func TestBeginning(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: `raw 1 "b"`, 64: `raw 64 "` + strings.Repeat("b", 40) + `" of 64`, 65: `raw 65 "` + strings.Repeat("b", 40) + `" of 64 cut`} {
		for _, pieces := range cuts(strings.Repeat("b", n)) {
			if n == 0 {
				pieces = nil
			}
			if got := play(new(beginning), Ended, pieces...); got != want {
				t.Errorf("%d bytes in %d pieces: got %s, want %s", n, len(pieces), got, want)
			}
		}
	}
}

// TestValues cuts JSON values that are too long.
func TestValues(t *testing.T) {
	doc := `{"a":"bcdefg"}`
	for limit, want := range map[int]string{0: "json 14 cut; json 1 cut", 1: `json 14 "{" cut; json 1 "1"`, 13: `json 14 "{\"a\":\"bcdefg\"" cut; json 1 "1"`, 14: `json 14 "{\"a\":\"bcdefg\"}"; json 1 "1"`} {
		for _, pieces := range cuts(doc + " 1") {
			for _, kept := range []int{0, 1, 5, 100} {
				j := new(JSON)
				j.Reset(Limits{Message: limit, Account: limits.Account})
				if got := playKept(kept, j, Ended, pieces...); got != want {
					t.Errorf("limit %d, %d pieces, %d bytes kept: got %s, want %s", limit, len(pieces), kept, got, want)
				}
			}
		}
	}
}

// TestDoubt has a decoder of JSON look at what stands before a value, however it is
// cut.
func TestDoubt(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":1}`:                `json 7 "{\"a\":1}"`,
		" \n{\"a\":1} [2]":       `json 7 "{\"a\":1}"; json 3 "[2]"`,
		" \n)]}'\n{\"a\":1} [2]": `found json ; text 4 ")]}'"; json 7 "{\"a\":1}"; json 3 "[2]"`,
		"\xef\xbb\xbf{\"a\":1}":  `found json ; json 7 "{\"a\":1}"`,
		" true false":            `found json ; json 4 "true"; json 5 "false"`,
		"7 8":                    `json 1 "7"; json 1 "8"`,
		"9 0":                    `json 1 "9"; json 1 "0"`,
		"0":                      `json 1 "0"`,
		"/":                      `0 bad-json a value cannot begin with '/'; found text ; text 1 "/"`,
		":":                      `0 bad-json a value cannot begin with ':'; found text ; text 1 ":"`,
		"  <p>":                  `2 bad-json a value cannot begin with '<'; found text ; text 3 "<p>"`,
		"[\x001\x00]\x00":        `found json ; json 3 "[1]"`,
		"[1] x":                  `json 3 "[1]"; 4 bad-json a value cannot begin with 'x'; text 1 "x"`,
		"[1":                     `json 2 "[1" cut; 0 bad-json the body ends within a value`,
	} {
		for _, pieces := range cuts(body) {
			for _, kept := range []int{0, 7, 100} {
				j := new(JSON)
				j.Reset(limits)
				Doubt(j, media.TypeOf("application/json"))
				if got := playKept(kept, j, Ended, pieces...); got != want {
					t.Errorf("%q in %d pieces, %d bytes kept:\ngot  %s\nwant %s", body, len(pieces), kept, got, want)
				}
			}
		}
	}
}
