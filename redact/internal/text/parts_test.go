package text

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// partTests are texts in parts, and what is left of them: "Q" is secret.
var partTests = []struct{ in, want string }{
	{"--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nQQ\r\n7Q\r\n--B--\r\nx", "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n*\r\n*\r\n--B--\r\nx"},
	{"--B\nX: y\ncontent-disposition:form-data;name=pin\nZ: z\n\n-Q\n--A\n--\n--B\n\nb", "--B\nX: y\ncontent-disposition:form-data;name=pin\nZ: z\n\n*\n*\n*\n--B\n\nb"},
	{"--B\nContent-Disposition: x; name=\"a\"\n\n--C\nx: y; name*=UTF-8''to%6ben\n\nQQ\n--C\n\nb\n--B\n\nc", "--B\nContent-Disposition: x; name=\"a\"\n\n--C\nx: y; name*=UTF-8''to%6ben\n\n*\n--C\n\nb\n--B\n\nc"},
	{"--B\nname=\"token\"\n\ntrue\n--B\nname=b\n\nc", ""},
	{"-B\nname=\"token\"\n\nb\n", ""}, {"x\n--B\nname=\"token\"\n\nb\n", ""}, {"--B\nname=\"token_type\"\n\nb\n", ""},
}

// TestParts: whole, and however they are cut, nothing of a secret is seen.
func TestParts(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for _, tt := range partTests {
		want := tt.want
		if want == "" {
			want = tt.in
		}
		masktest.Cuts(len(tt.in), func(at []int) {
			var p Parts
			var out strings.Builder
			from := 0
			for _, to := range append(at[:len(at):len(at)], len(tt.in)) {
				piece := []byte(tt.in[from:to])
				got, names := p.Find(&r, nil, piece, "x.").Mask(piece)
				out.Write(got)
				if names != nil && !strings.HasPrefix(names[0], "x.") {
					t.Fatalf("named %q", names)
				}
				from = to
			}
			got := masktest.Bare(out.String())
			first, _, _ := strings.Cut(want, "*")
			ends := got[len(got)-1] == want[len(want)-1]
			if strings.Contains(tt.in, "true") { // it is masked where it is cut
				first = ""
			}
			if strings.Contains(got, "Q") || !ends || !strings.HasPrefix(got, first) || !strings.Contains(want, "*") && first != "" && got != want {
				t.Fatalf("%q cut at %v became %q", tt.in, at, got)
			}
		})
		var p Parts
		in := []byte(tt.in)
		if got, _ := p.Find(&r, nil, in, "x.").Mask(in); masktest.Bare(string(got)) != want {
			t.Errorf("%q\n got %q\nwant %q", tt.in, masktest.Bare(string(got)), want)
		}
	}
}

// TestPartsHeaded: a text may begin with the head of a part.
func TestPartsHeaded(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	const head = "Content-disposition: x; name=pin\n\n"
	for in, want := range map[string]string{
		head + "QQ\n--B": head + "*\n*", "content-type: a\n" + head + "b": "content-type: a\n" + head + "b", "content-": "content-",
	} {
		masktest.Cuts(len(in), func(at []int) {
			p, other := Parts{Headed: true}, Parts{}
			var out strings.Builder
			from := 0
			for _, to := range append(at[:len(at):len(at)], len(in)) {
				piece := []byte(in[from:to])
				got, _ := p.Find(&r, nil, piece, "").Mask(piece)
				out.Write(got)
				if other.Find(&r, nil, piece, "") != nil {
					t.Fatal("a head is taken for a boundary")
				}
				from = to
			}
			if got := masktest.Bare(out.String()); strings.Contains(got, "Q") || !strings.HasPrefix(got, strings.TrimRight(want, "*\n")) {
				t.Fatalf("cut at %v: %q", at, got)
			}
		})
	}
}

func TestFieldName(t *testing.T) {
	for head, want := range map[string]string{
		"name=a": "a", "x; name=\"a b\"; y": "a b", "NAME=a;b": "a", "xname=a": "", "filename=\"f\"; name=a\r\n": "a", "name=\"": "", "name=\"a": "a", "name=": "", "": "", "\"name=a": "a", "x; name*=UTF-8''a%62c; y": "abc", "name*=a%zz": "a%zz", "name *=a": "", "names=a; name=b": "b", "name*": "",
	} {
		if got := string(FieldName([]byte(head))); got != want {
			t.Errorf("%q: got %q", head, got)
		}
	}
}
