// Package localca is a certificate authority of one's own, for listeners on this
// machine: it lives in a folder that only its user can reach, is made when it is first
// needed, and signs certificates that last for days.
package localca
