package render

import (
	"strings"
	"testing"
)

func TestTarget(t *testing.T) {
	for _, c := range []struct{ target, want string }{
		{"/", "/"},
		{"/v1.41/containers/" + id + "/attach?stream=1&logs", "/v1.41/containers/289e72570a23…/attach?stream=1&logs"},
		{"/images/sha256:" + id + "/json", "/images/sha256:289e72570a23…/json"},
		{"/a?", "/a?"}, {"/a?b=&c", "/a?b=&c"}, {"/a?=b", "/a?=b"}, {"/a?b=c=d", "/a?b=c=d"},
		{"/a%2Fb?fromImage=127.0.0.1%3A5055%2Fbb&tag=1", "/a%2Fb?fromImage=127.0.0.1:5055/bb&tag=1"},
		{"/a?t=my+app%21", `/a?t="my app!"`}, {"/a?t=a%26b", `/a?t="a&b"`}, {"/a?t=%zz", "/a?t=%zz"}, {"/a?t=%1b%5b", `/a?t=\e[`}, {"/a?t=a%22b", `/a?t="a"b"`},
		{"/a?id=" + id, "/a?id=289e72570a23…"},
		{"/a?filters=%7B%22label%22%3A%7B%22com.docker.compose.project%3Dx%22%3Atrue%7D%7D", "/a?filters={label: [com.docker.compose.project=x]}"},
		{`/a?filters={"label":{"a":true,"b":true},"status":["x"]}`, "/a?filters={label: [a, b], status: [x]}"},
		{`/a?f={"label":{"a":true,"b":false}}`, "/a?f={label: {a: true, b: false}}"},
		{`/a?f={"a:b":1,"c":"d:e","f g":"h,i","":""}`, `/a?f={"a:b": 1, c: d:e, "f g": "h,i", "": ""}`},
		{`/a?f={"q":"a\"b","e":"\u0041","id":"` + id + `"}`, `/a?f={q: "a\"b", e: A, id: 289e72570a23…}`},
		{`/a?f=[]`, `/a?f=[]`}, {`/a?f={}`, `/a?f={}`}, {`/a?f=[1,[2,null]]`, `/a?f=[1, [2, null]]`}, {`/a?f=[1,`, `/a?f=[1,`}, {`/a?f={"a"`, `/a?f="{"a""`}, {`/a?f=3`, `/a?f=3`},
		{`/a?f=["` + strings.Repeat("x", 4092) + `"]`, `/a?f=[` + strings.Repeat("x", 4092) + `]`},
		{`/a?f=["` + strings.Repeat("x", 4093) + `"]`, `/a?f="["` + strings.Repeat("x", 4093) + `"]"`},
	} {
		text := &text{page: page{colors: newPalette(false)}}
		if text.target(c.target); string(text.line) != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.target, text.line, c.want)
		}
	}
}

// TestWithMarks: what stands in place of a secret can be read.
func TestWithMarks(t *testing.T) {
	for in, want := range map[string]string{
		"/x?a=%20b": "/x?a=%20b",
		"/x?token=%5Bmasked%203%20bytes%20%23067c98de%5D&a=%5Bb%5D": "/x?token=[masked 3 bytes #067c98de]&a=%5Bb%5D",
		"/%5Bmasked%203%5D/%5Bmasked%204%5D":                        "/[masked 3]/[masked 4]",
		"/%5Bmasked%20":                                             "/%5Bmasked%20", "/%5Bmasked%20%zz%5D": "/%5Bmasked%20%zz%5D",
	} {
		if got := withMarks(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
