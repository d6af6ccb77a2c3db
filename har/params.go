package har

import (
	"mime"
	"net/url"
	"strings"
)

// paramsData returns the body that has the parameters of p, of which the file has
// no text.
func paramsData(p *PostData) []byte {
	typ, attributes, err := mime.ParseMediaType(p.MimeType)
	if err == nil && typ == "multipart/form-data" && attributes["boundary"] != "" {
		return []byte(multipartOf(p.Params, attributes["boundary"]))
	}
	pairs := make([]Pair, 0, len(p.Params))
	for i := range p.Params {
		pairs = append(pairs, Pair{Name: p.Params[i].Name, Value: p.Params[i].Value})
	}
	return []byte(formOf(pairs))
}

// formOf writes pairs as a form does.
func formOf(pairs []Pair) string {
	var b strings.Builder
	for i := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pairs[i].Name) + "=" + url.QueryEscape(pairs[i].Value))
	}
	return b.String()
}

// multipartOf writes parameters as parts of a form (RFC 7578).
func multipartOf(params []Param, boundary string) string {
	quote := strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A") // HTML standard, section 4.10.22.8
	var b strings.Builder
	for i := range params {
		p := &params[i]
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quote.Replace(p.Name) + `"`)
		if p.FileName != "" {
			b.WriteString(`; filename="` + quote.Replace(p.FileName) + `"`)
		}
		if p.ContentType != "" {
			b.WriteString("\r\nContent-Type: " + p.ContentType)
		}
		b.WriteString("\r\n\r\n" + p.Value + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}
