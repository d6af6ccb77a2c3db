package media

import (
	"strings"
	"testing"
)

func TestTypeOf(t *testing.T) {
	for value, want := range map[string]Type{
		"": {}, ";": {}, "Text/HTML": {Media: "text/html"},
		"application/json":                                     {Media: "application/json"},
		"text/plain; charset=utf-8":                            {Media: "text/plain", Charset: "utf-8"},
		"text/html; charset=UTF-8; charset=b":                  {Media: "text/html", Charset: "utf-8"},
		`multipart/mixed;x; Boundary = "a;\"b\\\c" ;charset=X`: {Media: "multipart/mixed", Boundary: `a;"b\\c`, Charset: "x"},
		"multipart/form-data;boundary=a b ; boundary=c":        {Media: "multipart/form-data", Boundary: "a b"},
		`a/b; charset="open`:                                   {Media: "a/b", Charset: "open"},
		`a/b; charset="open\"`:                                 {Media: "a/b", Charset: `open"`},
		`a/b; charset="open\`:                                  {Media: "a/b", Charset: `open\`},
		`a/b; boundary="x;charset=y"z; charset=~Z`:             {Media: "a/b", Boundary: "x;charset=y", Charset: "~z"},
		"a/b; charset=;boundary":                               {Media: "a/b"},
		"a/b;=x; charset=y":                                    {Media: "a/b", Charset: "y"},
		"a/b;;charset=y":                                       {Media: "a/b", Charset: "y"},
		"a/b; x;charset=y;=":                                   {Media: "a/b", Charset: "y"},
	} {
		if got := TypeOf(value); got != want {
			t.Errorf("%s: got %+v, want %+v", value, got, want)
		}
	}
}

// TestKinds tells types apart: of each only the letters that hold are told.
func TestKinds(t *testing.T) {
	for media, want := range map[string]string{
		"application/json": "J", "text/json": "JT", "application/x-amz-json-1.1": "J", "application/vnd.api+json": "J", "application/jsonl": "J",
		"application/x-jsonlines": "J", "application/geo+json-seq": "J", "application/x-ndjson": "J", "application/csp-report": "J", "application/reports": "J",
		"application/x-json-stream": "J", "application/json-stream": "J", "application/x-ldjson": "J", "application/prettyjws": "J", "application/x-prettyjws": "J",
		"application/json5": "", "application/jsonp": "", "application/connect+json": "P", "application/grpc-web-text+json": "", "application/grpc-web+proto": "",
		"application/grpc+json": "P", "text/event-stream": "TEP", "text/plain": "", "text/css": "T", "application/xml": "T", "image/svg+xml": "T",
		"application/yaml": "T", "application/x-yaml": "T", "application/openapi+yaml": "T", "application/javascript": "T", "application/ecmascript": "T",
		"application/x-javascript": "T", "application/x-pem-file": "T", "application/x-www-form-urlencoded": "F", "image/png": "M", "video/mp4": "M", "audio/ogg": "M",
		"font/woff2": "M", "application/x-tar": "A", "application/x-gtar": "A", "application/zip": "A", "application/gzip": "A", "application/x-bzip2": "A", "application/x-xz": "A",
		"application/zstd": "A", "application/x-7z-compressed": "A", "application/x-tar+gzip": "A", "application/vnd.x+gzip": "A", "application/epub+zip": "A",
		"application/vnd.oci.image.layer.v1.tar": "A", "application/octet-stream": "", Raw: "D", Multiplexed: "D", "multipart/mixed": "",
	} {
		typ, got := Type{Media: media}, ""
		for _, k := range []struct {
			letter string
			is     bool
		}{{"J", typ.IsJSON()}, {"T", typ.IsText()}, {"E", typ.IsEvents()}, {"F", typ.IsForm()}, {"M", typ.IsMedia()}, {"A", typ.IsArchive()}, {"D", typ.IsStream()}, {"P", NewSplitter(typ) != nil}} {
			if k.is {
				got += k.letter
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", media, got, want)
		}
	}
}

func TestAlone(t *testing.T) {
	for value, want := range map[string]bool{
		"": true, "application/json; charset=utf-8": true, "text/plain; charset=x-none": true, "text/plain; charset=latin1": false,
		"text/event-stream": false, "application/connect+json": false, "application/grpc-web-text+json": false,
		"application/x-www-form-urlencoded": false, "multipart/mixed; boundary=a": false, "multipart/mixed": true,
		"multipart/mixed; boundary=" + strings.Repeat("b", 256): false, "multipart/mixed; boundary=" + strings.Repeat("b", 256+1): true,
	} {
		if got := TypeOf(value).Alone(); got != want {
			t.Errorf("%.50s: got %t", value, got)
		}
	}
}
