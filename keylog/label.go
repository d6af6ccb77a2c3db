package keylog

// Label says what a secret is for (RFC 9850, section 2).
type Label uint8

// The labels of secrets that records are protected by.
const (
	Master          Label = iota // of TLS 1.2 and before: CLIENT_RANDOM
	ClientEarly                  // of TLS 1.3, as all others
	ClientHandshake              //
	ServerHandshake              //
	ClientTraffic                // of the first generation
	ServerTraffic                //
)

// labels are the words for them. Other words, such as EXPORTER_SECRET, are of secrets
// that no record is protected by; who reads a log leaves out what it does not know.
var labels = map[string]Label{
	"CLIENT_RANDOM":                   Master,
	"CLIENT_EARLY_TRAFFIC_SECRET":     ClientEarly,
	"CLIENT_HANDSHAKE_TRAFFIC_SECRET": ClientHandshake,
	"SERVER_HANDSHAKE_TRAFFIC_SECRET": ServerHandshake,
	"CLIENT_TRAFFIC_SECRET_0":         ClientTraffic,
	"SERVER_TRAFFIC_SECRET_0":         ServerTraffic,
}

// word returns the word for l.
func (l Label) word() string {
	for word, is := range labels {
		if is == l {
			return word
		}
	}
	return ""
}
