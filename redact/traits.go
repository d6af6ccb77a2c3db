package redact

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/wire"
)

// tarOf returns the trait of an archive that travels in direction dir.
func tarOf(dir wire.Dir) dockerapi.Traits {
	if dir == wire.ToServer {
		return dockerapi.TarRequest
	}
	return dockerapi.TarResponse
}

// hides says whether nothing that is not understood, such as what is left of broken
// framing, is to be seen of what travels in direction dir, if this is known of its
// exchange.
func hides(known dockerapi.Traits, dir wire.Dir) bool {
	return known&(dockerapi.Login|dockerapi.Data|dockerapi.Authz|dockerapi.Sealed|tarOf(dir)) != 0 ||
		dir == wire.ToServer && known&(dockerapi.Input|dockerapi.Hidden) != 0
}

// hidesBody is hides for a body, or a piece of one, that is no JSON. What is not let in
// to a session is told so in words, and what is no archive may be an error.
func hidesBody(known dockerapi.Traits, dir wire.Dir) bool {
	const spoken = dockerapi.Sealed | dockerapi.TarRequest | dockerapi.TarResponse
	return hides(known&^spoken, dir)
}

// bodyType returns what header fields tell of a body: whether it is an archive,
// or a form, as a query is, by any of them, and its type by the first.
func bodyType(fields []wire.Field) (tar, form bool, first media.Type) {
	seen := false
	for i := range fields {
		f := &fields[i]
		if len(f.Name) != len("Content-Type") || !strings.EqualFold(f.Name, "Content-Type") {
			continue
		}
		t := media.TypeOf(f.Value)
		switch t.Media {
		case "application/x-tar", "application/tar", "application/x-gtar", "application/x-tar+gzip":
			tar = true
		case "application/x-www-form-urlencoded":
			form = true
		}
		if !seen {
			first, seen = t, true
		}
	}
	return tar, form, first
}

// isTar says whether b begins with the header of an archive's first file
// (POSIX.1-1988, ustar).
func isTar(b []byte) bool { return chars.HasPrefixAt(b, 257, "ustar") }
