-- What somebody does in the editor; what the editor then knows goes into the file `TAGLINT_SEEN` as JSON.
-- Written for the oldest Neovim that is still about (0.7): later ones have shorter ways.
local folder, seen = vim.env.TAGLINT_FOLDER, {}

local function open(path)
  vim.cmd('edit ' .. vim.fn.fnameescape(folder .. '/' .. path))
  return vim.api.nvim_get_current_buf()
end

local client = vim.lsp.start_client({
  name = 'taglint',
  cmd = { vim.env.TAGLINT, 'lsp' },
  root_dir = folder,
  workspace_folders = { { uri = vim.uri_from_fname(folder), name = 'test' } },
})

-- The findings of a buffer, once the last of them ends at a column; none at all without one.
local function findings(buffer, end_col)
  local all
  local came = vim.wait(20000, function()
    all = vim.diagnostic.get(buffer)
    return (all[#all] or {}).end_col == end_col
  end, 10)
  local rows = {}
  for _, one in ipairs(all) do
    table.insert(rows, { one.code, one.lnum, one.col, one.end_col, one.severity, one.source })
  end
  return { came = came, rows = rows }
end

local function ask(buffer, method, params)
  params.textDocument = { uri = vim.uri_from_bufnr(buffer) }
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000)
  return answers and answers[client] and answers[client].result
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
end

local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'xt', true)
end

local function session()
  -- A manifest: opened, typed into, undone.
  local web = open('prod/web.yml')
  vim.lsp.buf_attach_client(web, client)
  seen.encoding = vim.lsp.get_client_by_id(client).offset_encoding
  seen.opened = findings(web, 48)
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  type_keys('A-slim<Esc>')
  seen.typed_text = text(web)
  seen.typed = findings(web, 53)
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  type_keys('/latest<CR>cE1.27.4<Esc>')
  seen.pinned_text = text(web)
  seen.pinned = findings(web, nil)
  type_keys('u')
  seen.undone = findings(web, 53)
  seen.hover = ask(web, 'textDocument/hover', { position = { line = 1, character = 40 } })

  -- A workflow: all that is safe to mend is mended.
  local flow = open('.github/workflows/release.yml')
  vim.lsp.buf_attach_client(flow, client)
  vim.wait(20000, function()
    return #vim.diagnostic.get(flow) > 0
  end, 10)
  local everything = { start = { line = 0, character = 0 }, ['end'] = { line = 99, character = 0 } }
  seen.hints = ask(flow, 'textDocument/inlayHint', { range = everything })
  seen.lenses = ask(flow, 'textDocument/codeLens', {})
  local actions = ask(flow, 'textDocument/codeAction', {
    range = everything,
    context = { diagnostics = {}, only = { 'source.fixAll' } },
  })
  vim.lsp.util.apply_workspace_edit(actions[1].edit, seen.encoding)
  seen.mended_text = text(flow)
  seen.mended = { came = vim.wait(20000, function()
    for _, one in ipairs(vim.diagnostic.get(flow)) do
      if one.code == 'contested-tag' then
        return false
      end
    end
    return true
  end, 10) }
  vim.lsp.stop_client(client)
  seen.stopped = vim.wait(20000, function()
    return vim.lsp.get_client_by_id(client) == nil
  end, 10)
end

local sound, fault = pcall(session)
seen.fault = not sound and tostring(fault) or nil
local file = io.open(vim.env.TAGLINT_SEEN, 'w')
file:write(vim.json.encode(seen))
file:close()
vim.cmd('qall!')
