/** Live capture against real HTTP. */
package dev.podpath.it.live;
