// A film kept elsewhere: nothing of it is asked for before its reader, or their cookie choice, says so.

/** Put the player in the place of the button; the frame. */
export function playFilm(button) {
  const film = button.closest("[data-film]");
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: film.dataset.film, title: film.dataset.filmTitle, allowFullscreen: true });
  button.closest("p").replaceWith(frame);
  return frame;
}
