// Package proctable tells who processes are: their users, programs, parents, and the
// containers that they run in. Only Linux tells that; elsewhere nothing is known.
package proctable
