package wire_test

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestMaskedPlace(t *testing.T) {
	for name, want := range map[string]string{
		"request.headers.X-Registry-Auth": "header X-Registry-Auth",
		"response.headers.Set-Cookie":     "response header Set-Cookie",
		"request.trailers.A.B":            "trailer A.B",
		"response.headers":                "response header",
		"request.query.token":             "parameter token",
		"request.query":                   "parameter",
		"request.body":                    "request body",
		"response.body":                   "response body",
		"request.body.Env.TOKEN":          "Env.TOKEN in request body",
		"request.stdin":                   "stdin",
		"response.stderr":                 "stderr",
		"response.raw.set-cookie":         "set-cookie in what is no HTTP",
		"response.reason":                 "response reason",
		"request.target":                  "request target",
		"other":                           "other",
		"":                                "",
	} {
		if got := wire.MaskedPlace(name); got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
}
