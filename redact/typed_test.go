package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// secretJSON is a document with a secret, and one value that is none.
const secretJSON = `{"password":"` + plain + `","seen":"é"}`

// isMaskedJSON fails unless b is secretJSON without its secret.
func isMaskedJSON(b []byte) error {
	var doc struct{ Password, Seen string }
	if err := json.Unmarshal(b, &doc); err != nil {
		return err
	}
	if !strings.HasPrefix(doc.Password, "[masked 30 bytes") || doc.Seen != "é" {
		return fmt.Errorf("%+v", doc)
	}
	return nil
}

// wide encodes s in UTF-16.
func wide(order binary.AppendByteOrder, mark bool, s string) string {
	if mark {
		s = "\ufeff" + s
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// isWide fails unless b is masked JSON in UTF-16 behind a byte order mark.
func isWide(order binary.ByteOrder, mark int) func([]byte) error {
	return func(b []byte) error {
		var units []uint16
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, order.Uint16(b[i:]))
		}
		if mark > 0 && (len(units) == 0 || units[0] != 0xfeff) {
			return fmt.Errorf("the byte order mark is gone: % x", b[:min(len(b), 8)])
		}
		return isMaskedJSON([]byte(string(utf16.Decode(units[mark:]))))
	}
}

// behind fails unless b is masked JSON between two texts.
func behind(before, after string) func([]byte) error {
	return func(b []byte) error {
		if !bytes.HasPrefix(b, []byte(before)) || !bytes.HasSuffix(b, []byte(after)) {
			return fmt.Errorf("%q", b)
		}
		return isMaskedJSON(b[len(before) : len(b)-len(after)])
	}
}

// envelope puts s behind the head of a message.
func envelope(flags byte, s string) string {
	return string(binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(s)))) + s
}

// isEnveloped fails unless b is masked JSON in an envelope, and trailers behind it.
func isEnveloped(b []byte) error {
	if len(b) < 5 {
		return io.ErrUnexpectedEOF
	}
	n := 5 + int(binary.BigEndian.Uint32(b[1:]))
	if n > len(b) || string(b[n:]) != envelope(0x80, "grpc-status: 0\r\n") {
		return fmt.Errorf("%d of %q", n, b)
	}
	return isMaskedJSON(b[5:n])
}

func isBase64(then func([]byte) error) func([]byte) error {
	return func(b []byte) error {
		plain, err := base64.StdEncoding.DecodeString(string(b))
		if err != nil {
			return err
		}
		return then(plain)
	}
}

// isForm fails unless b has these parts, masked, in multipart/form-data.
func isForm(b []byte) error {
	r := multipart.NewReader(bytes.NewReader(b), "B")
	for _, part := range []struct {
		name string
		is   func([]byte) error
	}{
		{"db_password", func(b []byte) error {
			if !strings.HasPrefix(string(b), "[masked ") {
				return fmt.Errorf("%q", b)
			}
			return nil
		}},
		{"doc", isMaskedJSON},
		{"wide", isWide(binary.LittleEndian, 1)},
		{"coded", isBase64(isMaskedJSON)},
		{"file", behind("seen\r\n", "")},
	} {
		p, err := r.NextRawPart()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(p)
		if err == nil && p.FormName() == part.name {
			if err = part.is(b); err == nil {
				continue
			}
		}
		return fmt.Errorf("%s: %s: %w", part.name, p.FormName(), err)
	}
	_, err := r.NextRawPart()
	if err == io.EOF {
		return nil
	}
	return fmt.Errorf("one part more: %w", err)
}

func field(name, head, body string) string {
	return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n" + head + "\r\n" + body + "\r\n"
}

var manyParts = field("db_password", "", plain) + field("doc", "Content-Type: application/json\r\n", secretJSON) +
	field("wide", "", wide(binary.LittleEndian, true, secretJSON)) +
	field("coded", "Content-Transfer-Encoding: base64\r\n", b64(secretJSON)) +
	"--B\r\nContent-Disposition: form-data; name=file\r\nX-Api-Key: " + plain + "\r\n\r\nseen\r\n" + strings.ReplaceAll(secretJSON, plain, "[masked 30 bytes]") + "\r\n--B--\r\n"

// typedBodies are bodies with secrets, and what they are when these are masked.
var typedBodies = []struct {
	name, typ, body string
	is              func([]byte) error
}{
	{"byte order mark", "application/json", "\ufeff" + secretJSON, behind("\ufeff", "")},
	{"guard", "application/json", ")]}',\n" + secretJSON, behind(")]}',\n", "")},
	{"comment", "application/json", "/* {\"a\" */ // b\n" + secretJSON, behind("/* {\"a\" */ // b\n", "")},
	{"callback", "application/javascript", "back(" + secretJSON + ");", nil},
	{"other type", "application/x-amz-json-1.1", secretJSON, isMaskedJSON},
	{"binary type", "application/octet-stream", secretJSON, isMaskedJSON},
	{"picture", "image/png", secretJSON, isMaskedJSON},
	{"little endian", "application/json", wide(binary.LittleEndian, true, secretJSON), isWide(binary.LittleEndian, 1)},
	{"big endian, no mark", "application/json", wide(binary.BigEndian, false, secretJSON), isWide(binary.BigEndian, 0)},
	{"by its name alone", "application/json; charset=utf-16", wide(binary.BigEndian, false, " "+secretJSON), isWide(binary.BigEndian, 0)},
	{"text in UTF-16", "text/plain; charset=utf-16le", wide(binary.LittleEndian, false, "see https://u:"+plain+"@h/ é"), nil},
	{"lines in UTF-16", "text/plain; charset=utf-16le", wide(binary.LittleEndian, false, "a: b\ndb_password: "+plain+"\nseen é"), nil},
	{"lines in a file of a form", "multipart/form-data; boundary=B", field("f", "", "A=b\nDB_PASSWORD="+plain+"\nseen") + "--B--", nil},
	{"lines of events", "text/event-stream", "id: token=" + plain + "\n: " + secretJSON + "\n\n", nil},
	{"not UTF-16", "application/json; charset=utf-16", secretJSON, isMaskedJSON},
	{"events", "text/event-stream", "event: x\ndata: " + secretJSON + "\n\n", behind("event: x\ndata: ", "\n\n")},
	{"event over lines", "text/event-stream", "data: {\"password\":\ndata:  \"" + plain + "\",\ndata: \"seen\":\"é\"}\n\n", nil},
	{"envelope", "application/grpc-web+json", envelope(0, secretJSON) + envelope(0x80, "grpc-status: 0\r\n"), isEnveloped},
	{"envelope in base64", "application/grpc-web-text+json", b64(envelope(0, secretJSON) + envelope(0x80, "grpc-status: 0\r\n")), isBase64(isEnveloped)},
	{"form", "application/x-www-form-urlencoded", "db_password=" + plain + "&doc=" + url.QueryEscape(secretJSON) + "&seen=1", nil},
	{"form that is JSON", "application/x-www-form-urlencoded", secretJSON, isMaskedJSON},
	{"parts", "multipart/form-data; boundary=B", manyParts, isForm},
	{"parts in parts", "multipart/mixed; boundary=A", "--A\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n" + manyParts + "\r\n--A--",
		func(b []byte) error {
			inner := bytes.TrimPrefix(b, []byte("--A\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n"))
			return isForm(bytes.TrimSuffix(inner, []byte("\r\n--A--")))
		}},
}

// shown returns all that is told of a connection whose bytes come in pieces of so
// many, as text, and its last body with data.
func shown(sent, received string, size int) (string, []byte) {
	conn := &wire.Conn{ID: 1}
	r := redact.New(redact.Options{})
	var all strings.Builder
	var body []byte
	d := decode.New(conn, decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: 1 << 20}}, func(ev wire.Event) {
		switch ev := r.Event(ev).(type) {
		case *wire.Message:
			all.Write(ev.Data)
		case *wire.Body:
			all.Write(ev.Data)
			if len(ev.Data) > 0 {
				body = bytes.Clone(ev.Data)
			}
		case *wire.Anomaly:
			all.WriteString(ev.Detail)
		}
		all.WriteByte('\n')
	})
	for dir, text := range []string{sent, received} {
		for i := 0; i < len(text); i += size {
			d.Chunk(wire.Chunk{Conn: conn, Time: time.Unix(1, 0), Dir: wire.Dir(dir), Data: []byte(text[i:min(len(text), i+size)])})
		}
	}
	d.End(time.Unix(2, 0), nil)
	return all.String(), body
}

// forms are how a secret may look in what is told.
func forms(all string) []string {
	lines := []string{all, strings.ReplaceAll(all, "\x00", "")}
	for line := range strings.Lines(all) {
		if plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line)); err == nil {
			lines = append(lines, string(plain))
		}
	}
	return lines
}

// TestTyped masks what is in bodies of any type, in both directions and cut
// anywhere, and looks whether they are still what they were.
func TestTyped(t *testing.T) {
	for _, c := range typedBodies {
		t.Run(c.name, func(t *testing.T) {
			head := "Content-Type: " + c.typ + "\r\n"
			for _, way := range [][2]string{
				{call("POST /x", head, c.body), answer("", "")},
				{"GET /x HTTP/1.1\r\n\r\n", answer(head, c.body)},
				{"GET /x HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n" + head + "\r\n" + c.body},
				{call("POST /x", head+"Content-Encoding: none\r\n", c.body), answer("", "")},
			} {
				for _, size := range []int{1 << 20, 1, 7} {
					all, body := shown(way[0], way[1], size)
					for _, form := range forms(all) {
						if strings.Contains(form, plain) {
							t.Fatalf("in pieces of %d, the secret is shown:\n%q", size, form)
						}
					}
					if c.is == nil {
						continue
					}
					if err := c.is(body); err != nil {
						t.Errorf("in pieces of %d, the body is broken: %v\n%q", size, err, body)
					}
				}
			}
		})
	}
}
