package fault

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Field is the name of the field that answers have which no daemon has given: its value says
// which rule did, such as "ContainerStart: 500".
const Field = "Socktrace-Fault"

// body returns what is in an answer, in the form in which Docker's API tells errors; nil if an
// answer with the status has no body (RFC 9110, section 6.4.1).
func (a *Action) body() []byte {
	if a.Status == http.StatusNoContent || a.Status == http.StatusResetContent || a.Status == http.StatusNotModified {
		return nil
	}
	b, _ := json.Marshal(struct { // of a text, that never fails
		Message string `json:"message"`
	}{a.Message})
	return append(b, '\n')
}

// field returns the value of Field: the rule, in what a field may have (RFC 9110, section 5.5).
func (a *Action) field() string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, a.Rule)
}

// response returns an answer to a request with method as it is sent in HTTP/1; closes says that
// the connection ends behind it.
func (a *Action) response(method string, closes bool) []byte {
	reason := http.StatusText(a.Status)
	if reason == "" {
		reason = "Fault"
	}
	b := []byte("HTTP/1.1 " + strconv.Itoa(a.Status) + " " + reason + "\r\n" + Field + ": " + a.field() + "\r\n")
	body := a.body()
	if body != nil {
		b = append(b, "Content-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n"...)
	}
	if closes {
		b = append(b, "Connection: close\r\n"...)
	}
	b = append(b, "\r\n"...)
	if method == http.MethodHead {
		return b
	}
	return append(b, body...)
}
