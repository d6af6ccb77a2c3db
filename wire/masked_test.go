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

// TestMaskedIn: each part of an exchange tells what is masked in it.
func TestMaskedIn(t *testing.T) {
	names := []string{"request.body"}
	for _, ev := range []wire.Event{&wire.Request{Masked: names}, &wire.Response{Masked: names}, &wire.Body{Masked: names}, &wire.Message{Masked: names}, &wire.End{Masked: names}} {
		if got := wire.MaskedIn(ev); len(got) != 1 || got[0] != names[0] {
			t.Errorf("%T: %q", ev, got)
		}
	}
	if got := wire.MaskedIn(&wire.Open{}); got != nil {
		t.Errorf("a connection: %q", got)
	}
}
