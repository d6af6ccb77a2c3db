package render

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestFileWords: what is told of a file in a container is read by people, not by
// decoders of base64.
func TestFileWords(t *testing.T) {
	encoded := func(doc string) string { return base64.StdEncoding.EncodeToString([]byte(doc)) }
	for value, want := range map[string]string{
		encoded(`{"name":"hosts","size":150,"mode":420,"mtime":"2026-11-27T04:51:14Z","linkTarget":""}`): "hosts, 150 B, -rw-r--r--",
		encoded(`{"name":"tmp","size":4096,"mode":2148532735}`):                                          "tmp, 4096 B, dtrwxrwxrwx",
		encoded(`{"name":"a\u001b","size":1,"mode":134218239,"linkTarget":"/b"}`):                        `a\e, 1 B, Lrwxrwxrwx, link to /b`,
		encoded(`{"size":1}`): encoded(`{"size":1}`), encoded(`[]`): encoded(`[]`), "%": "%", "": "",
	} {
		s := answers()
		s.response(1.5, 200, "OK", "x-docker-container-path-stat: "+value)
		got := briefOf(t, briefBodies, s.events...)
		_, got, _ = strings.Cut(got, "x-docker-container-path-stat:")
		if got = strings.TrimPrefix(got, " "); got != want+"\n" {
			t.Errorf("%s: got %s", value, got)
		}
	}
	masked := wire.Field{Name: "X-Docker-Container-Path-Stat", Value: encoded(`{"name":"hosts"}`), Masked: true}
	if line, value := briefField(masked); line != "" || value != masked.Value {
		t.Errorf("masked: %s %s", line, value)
	}
}
