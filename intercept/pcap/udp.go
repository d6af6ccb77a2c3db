package pcap

// Ports of UDP that tunnels have (Service Name and Transport Protocol Port Number
// Registry of the IANA, and what is in use besides).
const (
	portL2TP      = 1701
	portGTP       = 2152
	portTeredo    = 3544
	portLISP      = 4341
	portGRE       = 4754
	portVXLAN     = 4789
	portGPE       = 4790
	portAYIYA     = 5072
	portGUE       = 6080
	portGeneve    = 6081
	portMPLS      = 6635
	portVXLANWeb  = 6784 // of Weave
	portVXLANOld  = 8472 // of Linux
	portVXLANACI  = 48879
	portTZSP      = 37008
	portESP       = 4500
	portWireGuard = 51820
)

// tunnelPorts are all of them, and those of what is not read: encrypted tunnels,
// and HTTP/3.
var tunnelPorts = map[int]string{
	portL2TP: "L2TP", portGTP: "GTP-U", portTeredo: "Teredo", portLISP: "LISP", portGRE: "GRE in UDP", portVXLAN: "VXLAN",
	portGPE: "VXLAN-GPE", portAYIYA: "AYIYA", portGUE: "GUE", portGeneve: "Geneve", portMPLS: "MPLS in UDP",
	portVXLANWeb: "VXLAN", portVXLANOld: "VXLAN", portVXLANACI: "VXLAN", portTZSP: "TZSP",
	portESP: "ESP, encrypted", portWireGuard: "WireGuard, encrypted", 443: "QUIC, encrypted", 1194: "OpenVPN, encrypted",
	4755: "GRE in DTLS, encrypted", 5247: "CAPWAP", 6636: "MPLS in DTLS, encrypted",
}

// udp reads the header of a datagram (RFC 768). What is in it is known by the
// port that it is sent to, or else from: tunnels answer.
func udp(data []byte) (announced, []byte, error) {
	const size = 8
	if len(data) < size {
		return short("UDP", data)
	}
	for _, at := range [...]int{2, 0} {
		if port := uint16At(data, at); tunnelPorts[port] != "" {
			return announced{byPort, port}, data[size:], nil
		}
	}
	return nothing()
}
