package media

import "strings"

// Type is what a Content-Type value says (RFC 9110, section 8.3.1).
type Type struct {
	Media    string // in lower case, without parameters
	Charset  string // in lower case; empty if none is named
	Boundary string // of multipart
}

// TypeOf reads a Content-Type value.
func TypeOf(value string) Type {
	switch value { // what nearly all are
	case "":
		return Type{}
	case "application/json", "application/grpc":
		return Type{Media: value}
	case "text/plain; charset=utf-8":
		return Type{Media: "text/plain", Charset: "utf-8"}
	}
	media, params, _ := strings.Cut(value, ";")
	t := Type{Media: strings.ToLower(strings.TrimSpace(media))}
	for params != "" {
		var name, v string
		name, v, params = parameter(params)
		switch {
		case t.Charset == "" && strings.EqualFold(name, "charset"):
			t.Charset = strings.ToLower(v)
		case t.Boundary == "" && strings.EqualFold(name, "boundary"):
			t.Boundary = v
		}
	}
	return t
}

// parameter takes the first parameter of a list, whose value may be quoted (RFC
// 9110, section 5.6.6). What is not as it should be is read as far as it goes.
func parameter(list string) (name, value, rest string) {
	i := strings.IndexAny(list, "=;")
	if i < 0 {
		return "", "", ""
	}
	if list[i] == ';' {
		return "", "", list[i+1:]
	}
	name, rest = strings.TrimSpace(list[:i]), strings.TrimLeft(list[i+1:], " \t")
	if rest == "" || rest[0] != '"' {
		value, rest, _ = strings.Cut(rest, ";")
		return name, strings.TrimSpace(value), rest
	}
	var b strings.Builder
	for i = 1; i < len(rest) && rest[i] != '"'; i++ {
		if rest[i] == '\\' && i+1 < len(rest) && strings.IndexByte(`"\`, rest[i+1]) >= 0 {
			i++
		}
		b.WriteByte(rest[i])
	}
	_, rest, _ = strings.Cut(rest[i:], ";")
	return name, b.String(), rest
}

// IsJSON says whether the type promises JSON values: one document, or a stream of
// them, as jsonl, ndjson and json-seq are. Many have names of their own, such as
// application/x-amz-json-1.1 and application/vnd.api+json.
func (t Type) IsJSON() bool {
	if t.Media == "application/json" { // as nearly all is
		return true
	}
	_, sub, _ := strings.Cut(t.Media, "/")
	switch {
	case t.envelope() != noEnvelope:
		return false
	case strings.HasSuffix(sub, "json"), strings.HasSuffix(sub, "json-seq"), strings.HasSuffix(sub, "jsonlines"), strings.HasSuffix(sub, "jsonl"):
		return true
	}
	switch sub {
	case "x-json-stream", "json-stream", "csp-report", "reports", "prettyjws", "x-prettyjws":
		return true
	}
	return strings.HasPrefix(sub, "x-amz-json-")
}

// IsForm says whether the type is that of a form as a query is.
func (t Type) IsForm() bool { return t.Media == "application/x-www-form-urlencoded" }

// IsEvents says whether the type is that of server-sent events (HTML standard,
// section 9.2).
func (t Type) IsEvents() bool { return t.Media == "text/event-stream" }

// IsText says whether the type promises text. Clients send archives as text/plain,
// so that type is not taken at its word.
func (t Type) IsText() bool {
	switch t.Media {
	case "text/plain":
		return false
	case "application/xml", "application/yaml", "application/x-yaml", "application/javascript",
		"application/x-javascript", "application/ecmascript", "application/x-pem-file":
		return true
	}
	return strings.HasPrefix(t.Media, "text/") || strings.HasSuffix(t.Media, "+xml") || strings.HasSuffix(t.Media, "+yaml")
}

// IsMedia says whether the type is that of pictures, sounds and the like, which
// are not looked into for text.
func (t Type) IsMedia() bool {
	top, sub, _ := strings.Cut(t.Media, "/")
	return (top == "image" || top == "audio" || top == "video" || top == "font") && !strings.HasSuffix(sub, "+xml")
}

// IsArchive says whether the type is that of files in one, or of one that is
// compressed.
func (t Type) IsArchive() bool {
	_, sub, _ := strings.Cut(t.Media, "/")
	switch strings.TrimPrefix(sub, "x-") {
	case "tar", "gtar", "zip", "gzip", "bzip2", "xz", "zstd", "7z-compressed":
		return true
	}
	return strings.HasSuffix(sub, "+gzip") || strings.HasSuffix(sub, "+zip") || strings.HasSuffix(sub, ".tar")
}

// The types of streams that Docker sends.
const (
	Raw         = "application/vnd.docker.raw-stream"
	Multiplexed = "application/vnd.docker.multiplexed-stream"
)

// IsStream says whether the type is that of a container's output.
func (t Type) IsStream() bool { return t.Media == Raw || t.Media == Multiplexed }

// Alone says whether bodies of the type are one text, or one stream of values, as
// they were sent: in no parts, and in UTF-8.
func (t Type) Alone() bool {
	c, known := CharsetNamed(t.Charset)
	return NewSplitter(t) == nil && t.envelope() == noEnvelope && !t.IsForm() && (!known || c.IsUTF8())
}
