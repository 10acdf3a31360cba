// On a phone each row of a table becomes a block (see lesson.css), in which each cell says what it is.
for (const table of document.querySelectorAll(".content table")) {
    const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent);
    for (const row of table.querySelectorAll("tbody tr")) {
        [...row.cells].forEach((cell, index) => { cell.dataset.title = titles[index]; });
    }
}
