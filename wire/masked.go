package wire

import "strings"

// MaskedPlace says in words where something was masked that has a name as in Masked:
// "header X-Registry-Auth", "Env.TOKEN in request body".
func MaskedPlace(name string) string {
	side, rest, _ := strings.Cut(name, ".")
	if side != "request" && side != "response" {
		return name
	}
	place, which, named := strings.Cut(rest, ".")
	words := map[string]string{
		"headers": "header", "trailers": "trailer", "query": "parameter", "raw": "what is no HTTP",
		"stdin": "stdin", "stdout": "stdout", "stderr": "stderr", "body": side + " body",
	}[place]
	switch {
	case words == "":
		words = side + " " + place
	case place == "headers" || place == "trailers":
		if side == "response" {
			words = "response " + words
		}
		fallthrough
	case place == "query":
		if named {
			return words + " " + which
		}
	}
	if named {
		return which + " in " + words
	}
	return words
}

// MaskedIn returns the names of what is masked in an event that is a part of an exchange.
func MaskedIn(ev Event) []string {
	switch ev := ev.(type) {
	case *Request:
		return ev.Masked
	case *Response:
		return ev.Masked
	case *Body:
		return ev.Masked
	case *Message:
		return ev.Masked
	case *End:
		return ev.Masked
	}
	return nil
}
