package har

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// finishBody takes what is told beside a body: the end of its kept bytes, that
// there are more, and its trailers.
func (r *repairs) finishBody(b *wire.Body, content, message Extra) {
	if rest := content.String("_rest"); rest != "" {
		b.Data = append(b.Data, r.textData(rest, "base64", -1)...)
	}
	var cut bool
	json.Unmarshal(content["_truncated"], &cut)
	b.Truncated = b.Truncated || cut
	var trailers []Pair
	if raw, ok := message["_trailers"]; ok && json.Unmarshal(raw, &trailers) == nil {
		b.Trailer = fieldsOf(trailers)
	}
}

// requestData returns the body of a request. cut says that it is not all, as far
// as only the place tells that it was found in.
func (r *repairs) requestData(q *Request) (data []byte, cut bool) {
	var c Content
	if raw, ok := q.Extra["_content"]; ok && json.Unmarshal(raw, &c) == nil && c.Text != "" {
		return r.textData(c.Text, c.Encoding, c.Size), string(c.Extra["_truncated"]) == "true"
	}
	p := &q.PostData
	if p.Text == "" && len(p.Params) > 0 {
		return paramsData(p), false
	}
	return r.textData(p.Text, p.Extra.String("encoding"), q.BodySize), false
}

// textData returns the bytes of a text, of which there should be size. What is
// not base64, although it should be, is taken as it is.
func (r *repairs) textData(text, encoding string, size int64) []byte {
	if text == "" {
		return nil
	}
	if encoding == "base64" { // as it should be
		if b, err := base64.StdEncoding.DecodeString(text); err == nil && len(text)%4 == 0 {
			return b
		}
	}
	switch name := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(encoding)); name {
	case "", "utf8", "plain", "text", "identity", "none", "ascii", "string":
		return []byte(text)
	case "base64", "base64url", "b64":
	default:
		r.add(oddEncoding)
		return []byte(text)
	}
	b, ok := looseBase64(text)
	if !ok || int64(len(text)) == size && int64(len(b)) != size {
		r.add(noBase64)
		return []byte(text)
	}
	r.add(oddBase64)
	return b
}

// looseBase64 reads base64 as programs write it: with either alphabet (RFC 4648,
// sections 4 and 5), in lines, without padding, behind the beginning of a data
// URL, cut anywhere.
func looseBase64(text string) ([]byte, bool) {
	if strings.HasPrefix(text, "data:") {
		if _, data, ok := strings.Cut(text, ","); ok {
			text = data
		}
	}
	plain := make([]byte, 0, len(text))
	words := 0 // white space within quanta, as between words
	for i := range len(text) {
		switch c := text[i]; {
		case c == '-':
			plain = append(plain, '+')
		case c == '_':
			plain = append(plain, '/')
		case isAlphanumeric(c), c == '+', c == '/':
			plain = append(plain, c)
		case c == ' ' && len(plain)%4 != 0:
			words++
		case c == '=', c == ' ', c == '\n', c == '\r', c == '\t':
		default:
			return nil, false
		}
	}
	if words > 0 && !strings.Contains(text, "=") {
		return nil, false
	}
	if len(plain)%4 == 1 {
		plain = plain[:len(plain)-1] // too little for a byte
	}
	b := make([]byte, base64.RawStdEncoding.DecodedLen(len(plain)))
	n, err := base64.RawStdEncoding.Decode(b, plain)
	return b[:n], err == nil
}
