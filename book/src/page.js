// On a phone each row of a table becomes a block (see lesson.css), in which each cell says what it is.
// Where a long table has two columns, it is clear.
for (const table of document.querySelectorAll(".content table")) {
    if (table.rows.length > 8 && table.rows[0].cells.length === 2) continue;
    const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent);
    for (const row of table.querySelectorAll("tbody tr")) {
        [...row.cells].forEach((cell, index) => { cell.dataset.title = titles[index]; });
    }
}

// A long name breaks after `_`, `/` or `::`, and not inside a word.
for (const name of document.querySelectorAll("h1 a, .content :not(pre) > code, .chapter a")) {
    name.innerHTML = name.innerHTML.replace(/(_|\/|::)(?![^<]*>)/g, "$&<wbr>");
}
