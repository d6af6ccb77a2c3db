package har_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestForeignContent reads bodies that other programs recorded: what they are does
// not follow from their types alone.
func TestForeignContent(t *testing.T) {
	for _, c := range []struct{ mime, text, want string }{
		{"application/json", `\ufeff{\"a\":1}`, `json json{"a":1}`},
		{"text/html", `)]}',\n{\"a\":1}`, `json text")]}'," json{"a":1}`},
		{"application/x-amz-json-1.1", `{\"a\":1} {\"b\":2}`, `json json{"a":1} json{"b":2}`},
		{"application/json", `oops`, `json text"oops"`},
		{"text/plain", `some text`, `text text"some text"`},
		{"text/event-stream", `event: x\ndata: {\"a\":\ndata: 1}\n\ndata: y\n\n`, `text text"event: x\n" json{"a":` + "\n" + `1} text"data: y\n\n"`},
		{"multipart/form-data; boundary=B", `--B\r\nContent-Disposition: form-data; name=j\r\n\r\n[1]\r\n--B\r\nContent-Disposition: form-data; name=t\r\n\r\nx\r\n--B--\r\n`,
			`parts text"Content-Disposition: form-data; name=j\r\n" j=json[1] text"Content-Disposition: form-data; name=t\r\n" t=text"x"`},
		{"multipart/form-data; boundary=B", `--B\r\n\r\n\u0000\r\n--B\r\nContent-Type: application/json\r\n\r\n {}\n\r\n--B--\r\n`,
			`parts raw"\x00" text"Content-Type: application/json\r\n" json{}`},
		{"multipart/form-data; boundary=C", `--B\r\n`, `text text"--B\r\n"`},
		{"application/connect+json", `\u0000\u0000\u0000\u0000\u0002{}`, `parts json{}`},
	} {
		file := fmt.Sprintf(`{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-01-02T03:04:05Z","time":1,
			"request":{"method":"GET","url":"http://h/","httpVersion":"HTTP/1.1","cookies":[],"headers":[],"queryString":[],"headersSize":-1,"bodySize":0},
			"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Content-Type","value":"%s"}],
			"content":{"size":-1,"mimeType":"%s","text":"%s"},"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}`, c.mime, c.mime, c.text)
		var got []string
		if _, err := har.Read(strings.NewReader(file), func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Message:
				s := fmt.Sprintf("%v%q", ev.Kind, ev.Data)
				if ev.Kind == wire.KindJSON {
					s = "json" + string(ev.Data)
				}
				if ev.Name != "" {
					s = ev.Name + "=" + s
				}
				got = append(got, s)
			case *wire.Body:
				got = append([]string{ev.Content.String()}, got...)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %s, want %s", c.mime, s, c.want)
		}
	}
}

// TestCharset: text in another charset is written as text, if that can be read back.
func TestCharset(t *testing.T) {
	for _, s := range sessions(t, 1<<20) {
		if s.name != "charsets" {
			continue
		}
		file := string(record(t, s.events, har.Options{}))
		for _, want := range []string{
			`"mimeType":"text/html; charset=iso-8859-1","text":"héllo wörld","_charset":"iso-8859-1"`,
			`"mimeType":"text/plain;charset=Shift_JIS","text":"日本語 text","_charset":"shift_jis"`,
			`"mimeType":"text/plain; charset=utf-16","text":"\ufeffhéllo € 𝄞\n","_charset":"utf-16le"`,
			`"mimeType":"text/plain; charset=utf-16","text":"plain","_charset":"utf-16be"`,
			`"mimeType":"application/json; charset=utf-8","text":"{\"a\":1}","_charset":"utf-16le"`,
			`"mimeType":"text/plain; charset=utf-16le","text":"h\u0000i\u0000!"`,
		} {
			if n := strings.Count(file, want); n == 0 {
				t.Errorf("%s is not in the file", want)
			}
		}
		return
	}
	t.Error("there is no such session")
}
