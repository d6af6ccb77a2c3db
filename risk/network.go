package risk

import "github.com/socktrace/socktrace/internal/jsontext"

// networks judges the networks of a service.
func (f *found) networks(at string, list []byte) {
	for network := range jsontext.Elements(list) {
		for name, value := range members(network) {
			if name == "target" && text(value) == "host" {
				f.add(HostNetwork, at+" has host")
			}
		}
	}
}
